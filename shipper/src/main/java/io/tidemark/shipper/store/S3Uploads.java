package io.tidemark.shipper.store;

import io.tidemark.shipper.store.S3Requests.Kind;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Sends one object, at once or in parts by its size. Thread-safe. */
final class S3Uploads implements AutoCloseable {
    private final S3Requests requests;
    private final Bandwidth bandwidth;
    private final S3Parts parts;
    private final ConditionProof proof;
    private final ConditionProof proofOfParts;

    S3Uploads(S3Requests requests) {
        this.requests = requests;
        this.bandwidth =
                new Bandwidth(requests.pace, requests.options.transfer().uploadBytesPerSecond());
        this.parts = new S3Parts(requests, bandwidth);
        this.proof = new ConditionProof(
                requests, (key, bytes, metadata, deadline) -> sendAtOnce(key, bytes, metadata), "on a PUT");
        this.proofOfParts = new ConditionProof(requests, parts::send, "on the end of an upload in parts");
    }

    /** As {@link S3ObjectStore#requireConditions}. */
    void requireConditions() {
        proof.require();
    }

    /**
     * Creates the object if its key is free ({@code If-None-Match: *}).
     *
     * @param deadline of the requests for parts; a lone one is tried once
     * @throws software.amazon.awssdk.core.exception.SdkException when there is no clear yes
     * @throws io.tidemark.engine.error.TidemarkException {@code UNAVAILABLE} when nothing was created
     */
    void send(String key, byte[] stored, Map<String, String> metadata, long deadline) {
        if (stored.length >= requests.options.transfer().multipartBytes()) {
            proofOfParts.require();
            parts.send(key, stored, metadata, deadline);
        } else {
            sendAtOnce(key, stored, metadata);
        }
    }

    private void sendAtOnce(String key, byte[] stored, Map<String, String> metadata) {
        bandwidth.acquire(stored.length);
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(requests.bucket())
                .key(requests.keyInBucket(key))
                .ifNoneMatch("*")
                .contentLength((long) stored.length)
                .metadata(metadata)
                .applyMutation(this::protect)
                .applyMutation(b -> check(b, stored))
                .overrideConfiguration(S3Connection.patience(requests.options, stored.length))
                .build();
        PutObjectResponse answer =
                requests.once(Kind.PUT, () -> requests.s3.putObject(request, body(stored, 0, stored.length)));
        if (answer.eTag() == null) {
            // S3 names what it took; a success without that is somebody else's, or an error in disguise
            throw SdkClientException.create("the answer to a PUT is a success and names no ETag");
        }
        requests.bytesSent.inc(stored.length);
    }

    private void check(PutObjectRequest.Builder request, byte[] stored) {
        String checksum = checksum(requests.options.protection().checksum(), stored);
        switch (requests.options.protection().checksum()) {
            case MD5 -> request.contentMD5(checksum);
            case CRC32C -> request.checksumCRC32C(checksum);
            case SHA256 -> request.checksumSHA256(checksum);
        }
    }

    private void protect(PutObjectRequest.Builder request) {
        S3Protection protection = requests.options.protection();
        ServerSideEncryption sse = sse(protection.sse());
        if (sse != null) {
            request.serverSideEncryption(sse).ssekmsKeyId(protection.kmsKeyId());
        }
    }

    /** Null: the bucket decides. */
    static ServerSideEncryption sse(S3Protection.Sse sse) {
        return switch (sse) {
            case BUCKET -> null;
            case AES256 -> ServerSideEncryption.AES256;
            case KMS -> ServerSideEncryption.AWS_KMS;
            case KMS_DSSE -> ServerSideEncryption.AWS_KMS_DSSE;
        };
    }

    /** As its header says it. */
    static String checksum(S3Protection.Checksum kind, byte[] bytes) {
        byte[] sum = switch (kind) {
            case MD5 -> Hashes.md5().digest(bytes);
            case SHA256 -> Hashes.sha256().digest(bytes);
            case CRC32C -> {
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                yield ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array();
            }
        };
        return Base64.getEncoder().encodeToString(sum);
    }

    static RequestBody body(byte[] bytes, int from, int length) {
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes, from, length), length, "application/octet-stream");
    }

    static byte[] part(byte[] bytes, int from, int length) {
        return from == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, from + length);
    }

    @Override
    public void close() {
        parts.close();
    }
}
