package io.tidemark.shipper.store;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import io.tidemark.shipper.store.S3Requests.Kind;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Objects in S3. The SDK retries nothing by itself: what a failure means is decided by {@link S3ErrorTable}, and an answer
 * that does not say whether a PUT was done is settled by looking at the object ({@link S3Put}).
 *
 * <p>What stands beside an object is in {@link StoredForm}, what a client-side encrypted one looks like in {@link
 * io.tidemark.shipper.cipher.CipherFormat}.
 */
public final class S3ObjectStore implements ObjectStore {
    private final S3Requests requests;
    private final StoredForm form;
    private final S3Reads reads;
    private final S3Uploads uploads;

    /** A store on the machine's clock and randomness. */
    public static S3ObjectStore open(S3Options options, MetricRegistry metrics) {
        return new S3ObjectStore(
                options,
                S3Connection.open(options),
                Pace.system(),
                RandomGenerator.getDefault(),
                new SecureRandom(),
                metrics);
    }

    /**
     * @param s3 closed with this
     * @param random of the rests between tries; need not be thread-safe
     * @param salts of enciphered objects: nobody may guess them, and no value may come twice
     */
    S3ObjectStore(
            S3Options options,
            S3Client s3,
            Pace pace,
            RandomGenerator random,
            RandomGenerator salts,
            MetricRegistry metrics) {
        this.requests = new S3Requests(options, s3, pace, random, metrics);
        this.form = new StoredForm(options.encryption(), salts);
        this.reads = new S3Reads(requests, form);
        this.uploads = new S3Uploads(requests);
    }

    /** Creates the bucket unless it is there; for trial and tests, never done unasked. */
    public void createBucketIfAbsent() {
        requests.retrying("bucket " + requests.bucket(), () -> {
            try {
                requests.once(Kind.PUT, () -> requests.s3.createBucket(b -> b.bucket(requests.bucket())));
            } catch (SdkException e) {
                if (S3Failure.of(e).meaning() != Meaning.RACED) {
                    throw e;
                }
            }
            return requests.bucket();
        });
    }

    /**
     * Makes sure that the server refuses to overwrite an object, as all puts here lean on; they ask it themselves, the
     * first time. Leaves one small object ({@link ConditionProof}).
     *
     * @throws io.tidemark.engine.error.TidemarkException {@code UNAVAILABLE} when it does not, saying so
     */
    public void requireConditions() {
        uploads.requireConditions();
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes) {
        uploads.requireConditions();
        return new S3Put(requests, form, reads, uploads, key, bytes).run();
    }

    @Override
    public Optional<byte[]> get(String key) {
        return reads.get(key);
    }

    @Override
    public Optional<byte[]> getRange(String key, long offset, int length) {
        return reads.range(key, offset, length);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return requests.retrying("head " + key, () -> reads.headOnce(key))
                .map(h -> form.info(key, h.contentLength(), h.metadata()));
    }

    /** What a server lists before {@code startAfter}, or in no order, is dropped and sorted here. */
    @Override
    public List<ObjectInfo> list(String prefix, String startAfter) {
        int cut = requests.keyInBucket("").length();
        List<ObjectInfo> found = new ArrayList<>();
        forEachPage(
                prefix,
                startAfter,
                null,
                page -> page.contents().forEach(o -> {
                    String key = o.key().substring(cut);
                    if (startAfter == null || key.compareTo(startAfter) > 0) {
                        found.add(new ObjectInfo(key, form.listedBytes(o.size()), null));
                    }
                }));
        found.sort(Comparator.comparing(ObjectInfo::key));
        return found;
    }

    @Override
    public List<String> folders(String prefix) {
        int cut = requests.keyInBucket(prefix).length();
        TreeSet<String> names = new TreeSet<>();
        forEachPage(prefix, null, "/", page -> {
            for (CommonPrefix folder : page.commonPrefixes()) {
                names.add(folder.prefix().substring(cut, folder.prefix().length() - 1));
            }
        });
        return List.copyOf(names);
    }

    private void forEachPage(
            String prefix, String startAfter, String delimiter, Consumer<ListObjectsV2Response> action) {
        String next = null;
        do {
            String token = next;
            ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                    .bucket(requests.bucket())
                    .prefix(requests.keyInBucket(prefix))
                    .delimiter(delimiter)
                    .continuationToken(token);
            if (token == null && startAfter != null && !requests.options.place().isDirectory()) {
                request.startAfter(requests.keyInBucket(startAfter));
            }
            ListObjectsV2Request built = request.build();
            ListObjectsV2Response page = requests.retrying(
                    "list " + prefix, () -> requests.once(Kind.LIST, () -> requests.s3.listObjectsV2(built)));
            action.accept(page);
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (next != null);
    }

    /** A request without a clear answer is sent again: what it does, it does once. */
    @Override
    public void delete(String key) {
        requests.retrying(
                "delete " + key,
                () -> requests.find(
                        Kind.DELETE,
                        () -> requests.s3.deleteObject(
                                b -> b.bucket(requests.bucket()).key(requests.keyInBucket(key)))));
    }

    @Override
    public void close() {
        uploads.close();
        requests.close();
    }
}
