package io.tidemark.shipper.store;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3Failure.Kind;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Objects in S3. The SDK retries nothing by itself: an answer that does not say whether a PUT was done is settled here,
 * by looking at the object.
 *
 * <p>Each object carries {@code x-amz-meta-tidemark-sha256} (hash of its bytes, hex) and {@code x-amz-meta-tidemark-put}
 * (one id per call of {@link #putIfAbsent}), so a PUT whose answer was lost is told from another writer's. The body is
 * sent with its MD5, which the server checks before it creates the object.
 */
public final class S3ObjectStore implements ObjectStore {
    static final String SHA256 = "tidemark-sha256";
    static final String PUT_ID = "tidemark-put";
    private static final int RACES_MAX = 20;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Logger LOG = LoggerFactory.getLogger(S3ObjectStore.class);

    private final S3Options options;
    private final S3Client s3;
    private final Pace pace;
    private final RandomGenerator random;
    private final Counter retries;
    private final Counter unclear;

    /** A store on the machine's clock and randomness. */
    public static S3ObjectStore open(S3Options options, MetricRegistry metrics) {
        return new S3ObjectStore(options, Pace.system(), RandomGenerator.getDefault(), metrics);
    }

    /** @param random need not be thread-safe */
    public S3ObjectStore(S3Options options, Pace pace, RandomGenerator random, MetricRegistry metrics) {
        this.options = options;
        this.pace = pace;
        this.random = new LockedRandom(random);
        this.s3 = S3Connection.open(options);
        this.retries = metrics.counter("s3.retries");
        this.unclear = metrics.counter("s3.unclear-puts");
    }

    /** Creates the bucket unless it is there; for trial and tests, never done unasked. */
    public void createBucketIfAbsent() {
        retrying("bucket " + options.bucket(), () -> {
            try {
                s3.createBucket(b -> b.bucket(options.bucket()));
            } catch (SdkException e) {
                if (S3Failure.of(e).kind() != Kind.RACED) {
                    throw e;
                }
            }
            return options.bucket();
        });
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes) {
        Put put = new Put(key, bytes);
        Backoff backoff = backoff();
        long deadline = pace.millis() + options.deadlineMillis();
        int races = 0;
        while (true) {
            S3Failure failure;
            try {
                s3.putObject(put.request(), put.body());
                return PutOutcome.CREATED;
            } catch (SdkException e) {
                failure = S3Failure.of(e);
            }
            PutOutcome settled = switch (failure.kind()) {
                case TAKEN -> settle(put, failure, deadline);
                case UNCLEAR -> {
                    unclear.inc();
                    yield settle(put, failure, deadline);
                }
                case RACED -> ++races > RACES_MAX ? PutOutcome.UNKNOWN : null;
                case MISSING, REFUSED -> throw unavailable("put " + key, failure.reason());
            };
            if (settled != null) {
                return settled;
            }
            if (!rest(backoff, deadline, "put " + key, failure.reason())) {
                return PutOutcome.UNKNOWN;
            }
        }
    }

    /** Looks at the object behind an unclear answer; null when it is not there, so the PUT may be sent again. */
    private PutOutcome settle(Put put, S3Failure failure, long deadline) {
        Optional<HeadObjectResponse> found;
        try {
            found = retryingUntil(deadline, "head " + put.key, () -> headOnce(put.key));
        } catch (TidemarkException e) {
            LOG.warn("put {}: {}; looking at the object failed too: {}", put.key, failure.reason(), e.getMessage());
            return PutOutcome.UNKNOWN;
        }
        if (found.isEmpty()) {
            return null;
        }
        Map<String, String> metadata = found.get().metadata();
        if (put.id.equals(metadata.get(PUT_ID))) {
            return PutOutcome.CREATED;
        }
        if (!metadata.containsKey(SHA256)) {
            byte[] there = get(put.key).orElse(null);
            return Arrays.equals(put.bytes, there) ? PutOutcome.ALREADY_OURS : PutOutcome.FENCED;
        }
        boolean equal = put.sha256.equals(metadata.get(SHA256))
                && put.bytes.length == found.get().contentLength();
        return equal ? PutOutcome.ALREADY_OURS : PutOutcome.FENCED;
    }

    @Override
    public Optional<byte[]> get(String key) {
        long deadline = pace.millis() + options.deadlineMillis();
        String wrong = null;
        // bytes that do not fit their hash are asked for once more: the transfer may have damaged them
        for (int look = 0; look < 2; look++) {
            Optional<ResponseBytes<GetObjectResponse>> answer =
                    retryingUntil(deadline, "get " + key, () -> getOnce(key));
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            byte[] bytes = answer.get().asByteArrayUnsafe();
            String expected = answer.get().response().metadata().get(SHA256);
            String found = Hashes.sha256Hex(bytes);
            if (expected == null || expected.equals(found)) {
                return Optional.of(bytes);
            }
            wrong = bytes.length + " bytes with SHA-256 " + found + ", stored with " + expected;
        }
        throw new TidemarkException(ErrorKind.CORRUPT, "object " + describe(key) + " is damaged: " + wrong);
    }

    private Optional<ResponseBytes<GetObjectResponse>> getOnce(String key) {
        try {
            return Optional.of(s3.getObject(
                    b -> b.bucket(options.bucket()).key(options.keyInBucket(key)), ResponseTransformer.toBytes()));
        } catch (SdkException e) {
            return emptyIfMissing(e);
        }
    }

    @Override
    public Optional<byte[]> getRange(String key, long offset, int length) {
        String range = "bytes=" + offset + "-" + (offset + length - 1);
        Optional<byte[]> answer = retrying("get " + key + " " + range, () -> rangeOnce(key, range));
        if (answer.isPresent() && answer.get().length != length) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "object " + describe(key) + " is damaged: " + range + " has " + answer.get().length + " bytes");
        }
        return answer;
    }

    private Optional<byte[]> rangeOnce(String key, String range) {
        try {
            return Optional.of(s3.getObject(
                            b -> b.bucket(options.bucket())
                                    .key(options.keyInBucket(key))
                                    .range(range),
                            ResponseTransformer.toBytes())
                    .asByteArrayUnsafe());
        } catch (AwsServiceException e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "object " + describe(key) + " is damaged: it ends before " + range, e);
            }
            return emptyIfMissing(e);
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return retrying("head " + key, () -> headOnce(key))
                .map(h -> new ObjectInfo(key, h.contentLength(), h.metadata().get(SHA256)));
    }

    private Optional<HeadObjectResponse> headOnce(String key) {
        try {
            return Optional.of(s3.headObject(b -> b.bucket(options.bucket()).key(options.keyInBucket(key))));
        } catch (SdkException e) {
            return emptyIfMissing(e);
        }
    }

    private static <T> Optional<T> emptyIfMissing(SdkException e) {
        if (S3Failure.of(e).kind() == Kind.MISSING) {
            return Optional.empty();
        }
        throw e;
    }

    @Override
    public List<ObjectInfo> list(String prefix, String startAfter) {
        int cut = options.keyInBucket("").length();
        List<ObjectInfo> keys = new ArrayList<>();
        pages(prefix, startAfter, null)
                .forEach(page -> page.contents()
                        .forEach(o -> keys.add(new ObjectInfo(o.key().substring(cut), o.size(), null))));
        return keys;
    }

    @Override
    public List<String> folders(String prefix) {
        int cut = options.keyInBucket(prefix).length();
        List<String> names = new ArrayList<>();
        for (ListObjectsV2Response page : pages(prefix, null, "/")) {
            for (CommonPrefix folder : page.commonPrefixes()) {
                names.add(folder.prefix().substring(cut, folder.prefix().length() - 1));
            }
        }
        return names.stream().distinct().sorted().toList();
    }

    private List<ListObjectsV2Response> pages(String prefix, String startAfter, String delimiter) {
        List<ListObjectsV2Response> pages = new ArrayList<>();
        String next = null;
        do {
            String token = next;
            ListObjectsV2Response page = retrying("list " + prefix, () -> {
                ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                        .bucket(options.bucket())
                        .prefix(options.keyInBucket(prefix))
                        .delimiter(delimiter)
                        .continuationToken(token);
                if (token == null && startAfter != null) {
                    request.startAfter(options.keyInBucket(startAfter));
                }
                return s3.listObjectsV2(request.build());
            });
            pages.add(page);
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (next != null);
        return pages;
    }

    private <T> T retrying(String what, Supplier<T> request) {
        return retryingUntil(pace.millis() + options.deadlineMillis(), what, request);
    }

    /** For requests that change nothing: tries again until an answer is clear or the deadline has come. */
    private <T> T retryingUntil(long deadline, String what, Supplier<T> request) {
        Backoff backoff = backoff();
        while (true) {
            try {
                return request.get();
            } catch (SdkException e) {
                S3Failure failure = S3Failure.of(e);
                if (failure.kind() == Kind.REFUSED || !rest(backoff, deadline, what, failure.reason())) {
                    throw new TidemarkException(ErrorKind.UNAVAILABLE, message(what, failure.reason()), e);
                }
            }
        }
    }

    /** Rests before the next try; false when there is no time for one. */
    private boolean rest(Backoff backoff, long deadline, String what, String reason) {
        long millis = backoff.nextMillis();
        if (pace.millis() + millis >= deadline || Thread.currentThread().isInterrupted()) {
            return false;
        }
        retries.inc();
        LOG.debug("{}: {}; again in {} ms", what, reason, millis);
        pace.pause(millis);
        return !Thread.currentThread().isInterrupted();
    }

    private Backoff backoff() {
        return new Backoff(options.backoffFirstMillis(), options.backoffMaxMillis(), random);
    }

    private TidemarkException unavailable(String what, String reason) {
        return new TidemarkException(ErrorKind.UNAVAILABLE, message(what, reason));
    }

    private String message(String what, String reason) {
        return "S3 " + (options.endpoint() == null ? options.region() : options.endpoint()) + " bucket "
                + options.bucket() + ": " + what + " failed: " + reason;
    }

    private String describe(String key) {
        return "s3://" + options.bucket() + "/" + options.keyInBucket(key);
    }

    @Override
    public void close() {
        s3.close();
    }

    /** One call of putIfAbsent: the same id on each of its tries. */
    private final class Put {
        private final String key;
        private final byte[] bytes;
        private final String sha256;
        private final String md5;
        private final String id = UUID.randomUUID().toString();

        Put(String key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes;
            this.sha256 = Hashes.sha256Hex(bytes);
            this.md5 = Base64.getEncoder().encodeToString(Hashes.md5().digest(bytes));
        }

        PutObjectRequest request() {
            return PutObjectRequest.builder()
                    .bucket(options.bucket())
                    .key(options.keyInBucket(key))
                    .ifNoneMatch("*")
                    .contentMD5(md5)
                    .contentLength((long) bytes.length)
                    .metadata(Map.of(SHA256, sha256, PUT_ID, id))
                    .build();
        }

        RequestBody body() {
            return RequestBody.fromContentProvider(
                    () -> new ByteArrayInputStream(bytes), bytes.length, "application/octet-stream");
        }
    }

    /** The generators of the JDK are not thread-safe; back-off draws rarely. */
    private record LockedRandom(RandomGenerator source) implements RandomGenerator {
        @Override
        public synchronized long nextLong() {
            return source.nextLong();
        }
    }
}
