package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherFormat;
import io.tidemark.shipper.cipher.ObjectCipher;
import io.tidemark.shipper.store.S3Requests.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Gets of objects, whole or by range, deciphered. Thread-safe. */
final class S3Reads {
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Requests requests;
    private final StoredForm form;
    private final Bandwidth bandwidth;

    S3Reads(S3Requests requests, StoredForm form) {
        this.requests = requests;
        this.form = form;
        this.bandwidth =
                new Bandwidth(requests.pace, requests.options.transfer().downloadBytesPerSecond());
    }

    /** A part of an object as it stands in S3. */
    private record Piece(byte[] bytes, long objectBytes, GetObjectResponse answer) {}

    Optional<byte[]> get(String key) {
        // How large it is, nobody knows yet; counted as the largest, a dead S3 would be found out after more than a
        // minute.
        long deadline = requests.deadline(0);
        String wrong = null;
        // bytes that do not fit their hash are asked for once more: the transfer may have damaged them
        for (int look = 0; look < 2; look++) {
            Optional<ResponseBytes<GetObjectResponse>> answer = requests.retryingUntil(
                    deadline,
                    "get " + key,
                    () -> ask(key, requests.options.transfer().multipartBytes(), b -> {}));
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            byte[] stored = answer.get().asByteArrayUnsafe();
            String expected = answer.get().response().metadata().get(StoredForm.SHA256);
            String found = Hashes.sha256Hex(stored);
            if (expected == null || expected.equals(found)) {
                return Optional.of(form.plain(key, stored));
            }
            wrong = stored.length + " bytes with SHA-256 " + found + ", stored with " + expected;
        }
        throw new TidemarkException(ErrorKind.CORRUPT, "object " + requests.describe(key) + " is damaged: " + wrong);
    }

    Optional<byte[]> range(String key, long from, int bytes) {
        if (from < 0 || bytes < 1) {
            throw new TidemarkException(ErrorKind.INVALID, "no range of an object: " + bytes + " bytes from " + from);
        }
        Optional<byte[]> range = form.enciphers() ? encipheredRange(key, from, bytes) : plainRange(key, from, bytes);
        if (range.isPresent() && range.get().length != bytes) {
            throw tooShort(key, from, bytes);
        }
        return range;
    }

    private TidemarkException tooShort(String key, long from, int bytes) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "object " + requests.describe(key) + " is damaged: it does not have the " + bytes + " bytes from "
                        + from + " on");
    }

    private Optional<byte[]> plainRange(String key, long from, int bytes) {
        Optional<Piece> piece = piece(key, from, bytes);
        if (piece.isPresent() && form.header(key, piece.get().answer().metadata()) != null) {
            form.cipher(key);
        }
        return piece.map(Piece::bytes);
    }

    private Optional<byte[]> unencipheredRange(String key, long from, int bytes) {
        form.requireEnciphered(key);
        return plainRange(key, from, bytes);
    }

    private Optional<byte[]> encipheredRange(String key, long from, int bytes) {
        long first = from / CipherFormat.BLOCK_BYTES;
        long last = (from + bytes - 1) / CipherFormat.BLOCK_BYTES;
        long storedFrom = CipherFormat.storedBytes(first * CipherFormat.BLOCK_BYTES);
        long storedTo = CipherFormat.storedBytes((last + 1) * CipherFormat.BLOCK_BYTES);
        Optional<Piece> found;
        try {
            found = pieceWithin(key, storedFrom, Math.toIntExact(storedTo - storedFrom));
        } catch (TidemarkException e) {
            // a plain object has these bytes nearer to its beginning
            if (isPastEnd(e) && !CipherFormat.isEnciphered(begin(key))) {
                return unencipheredRange(key, from, bytes);
            }
            throw isPastEnd(e) ? tooShort(key, from, bytes) : e;
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Piece piece = found.get();
        byte[] header = form.header(key, piece.answer().metadata());
        if (header == null) {
            // its metadata was lost in a copy, or it is plain
            header = begin(key);
            if (!CipherFormat.isEnciphered(header)) {
                return unencipheredRange(key, from, bytes);
            }
        }
        ObjectCipher cipher = form.cipher(key);
        ObjectCipher.requireLength(key, cipher.open(key, header), piece.objectBytes());
        byte[] plain = cipher.blocks(key, header, first, piece.bytes());
        int begin = Math.toIntExact(from - first * CipherFormat.BLOCK_BYTES);
        return Optional.of(
                Arrays.copyOfRange(plain, Math.min(begin, plain.length), Math.min(plain.length, begin + bytes)));
    }

    /** Where the header of an enciphered object stands. */
    private byte[] begin(String key) {
        return piece(key, 0, CipherFormat.HEADER_BYTES).orElseThrow().bytes();
    }

    private Optional<Piece> piece(String key, long from, int bytes) {
        try {
            return pieceWithin(key, from, bytes);
        } catch (TidemarkException e) {
            throw isPastEnd(e) ? tooShort(key, from, bytes) : e;
        }
    }

    private Optional<Piece> pieceWithin(String key, long from, int bytes) {
        String range = "bytes=" + from + "-" + (from + bytes - 1);
        return requests.retryingUntil(
                        requests.deadline(bytes),
                        "get " + key + " " + range,
                        () -> ask(key, bytes, b -> b.range(range)))
                .map(answer -> checked(key, from, bytes, answer));
    }

    private static boolean isPastEnd(TidemarkException e) {
        return e.getCause() instanceof S3Exception refused && refused.statusCode() == RANGE_NOT_SATISFIABLE;
    }

    /** A server may answer with the whole object, and then names no range. */
    private Piece checked(String key, long from, int bytes, ResponseBytes<GetObjectResponse> answer) {
        byte[] got = answer.asByteArrayUnsafe();
        String said = answer.response().contentRange();
        if (said == null) {
            int begin = (int) Math.min(got.length, from);
            byte[] cut = Arrays.copyOfRange(got, begin, (int) Math.min(got.length, from + bytes));
            return new Piece(cut, got.length, answer.response());
        }
        long total = said.matches("bytes \\d+-\\d+/\\d+") ? Long.parseLong(said.substring(said.indexOf('/') + 1)) : -1;
        long expected = Math.min(bytes, total - from);
        if (!said.equals("bytes " + from + "-" + (from + expected - 1) + "/" + total) || got.length != expected) {
            throw requests.unavailable(
                    "get " + key,
                    "asked for " + bytes + " bytes from " + from + ", it answered " + got.length + " as '" + said
                            + "'");
        }
        return new Piece(got, total, answer.response());
    }

    /** @param bytes how many are expected, at most */
    private Optional<ResponseBytes<GetObjectResponse>> ask(
            String key, long bytes, Consumer<GetObjectRequest.Builder> more) {
        Optional<ResponseBytes<GetObjectResponse>> answer = requests.find(
                Kind.GET,
                () -> requests.s3.getObject(
                        b -> more.accept(b.bucket(requests.bucket())
                                .key(requests.keyInBucket(key))
                                .overrideConfiguration(S3Connection.patience(requests.options, bytes))),
                        ResponseTransformer.toBytes()));
        answer.ifPresent(a -> {
            int got = a.asByteArrayUnsafe().length;
            requests.bytesReceived.inc(got);
            bandwidth.acquire(got);
        });
        return answer;
    }

    /** @throws SdkException when there is no clear answer */
    Optional<HeadObjectResponse> headOnce(String key) {
        return requests.find(
                Kind.HEAD,
                () -> requests.s3.headObject(b -> b.bucket(requests.bucket()).key(requests.keyInBucket(key))));
    }
}
