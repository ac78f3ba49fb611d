package io.tidemark.shipper.store;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import io.tidemark.shipper.store.S3Requests.Kind;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in S3. The SDK retries nothing by itself: what a failure means is decided by {@link S3ErrorTable}, and an answer
 * that does not say whether a PUT was done is settled by looking at the object ({@link S3Put}).
 *
 * <p>What stands beside an object is in {@link StoredForm}, what a client-side encrypted one looks like in {@link
 * io.tidemark.shipper.cipher.CipherFormat}.
 */
public final class S3ObjectStore implements ObjectStore {
    /** Of a listing without order: so many are sorted in memory, some 4 MiB, and the rest is listed again after them. */
    private static final int UNORDERED_PAGE_KEYS = 20_000;

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
    public Page page(String prefix, String startAfter) {
        boolean inOrder = !requests.options.place().isDirectory();
        LowestKeys found = new LowestKeys(inOrder ? Integer.MAX_VALUE : UNORDERED_PAGE_KEYS);
        int cut = requests.keyInBucket("").length();
        ListObjectsV2Response listed = null;
        do {
            listed = listOnce(prefix, startAfter, null, listed);
            for (S3Object object : listed.contents()) {
                String key = object.key().substring(cut);
                if (startAfter == null || key.compareTo(startAfter) > 0) {
                    found.add(new ObjectInfo(key, form.listedBytes(object.size()), null));
                }
            }
        } while (goesOn(listed) && !(inOrder && found.any()));
        return found.page(goesOn(listed));
    }

    @Override
    public List<String> folders(String prefix) {
        int cut = requests.keyInBucket(prefix).length();
        TreeSet<String> names = new TreeSet<>();
        ListObjectsV2Response listed = null;
        do {
            listed = listOnce(prefix, null, "/", listed);
            for (CommonPrefix folder : listed.commonPrefixes()) {
                names.add(folder.prefix().substring(cut, folder.prefix().length() - 1));
            }
        } while (goesOn(listed));
        return List.copyOf(names);
    }

    private static boolean goesOn(ListObjectsV2Response listed) {
        return Boolean.TRUE.equals(listed.isTruncated());
    }

    /** @param before the answer that this one goes on from; null for the first */
    private ListObjectsV2Response listOnce(
            String prefix, String startAfter, String delimiter, ListObjectsV2Response before) {
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(requests.bucket())
                .prefix(requests.keyInBucket(prefix))
                .delimiter(delimiter)
                .continuationToken(before == null ? null : before.nextContinuationToken());
        if (before == null && startAfter != null && !requests.options.place().isDirectory()) {
            request.startAfter(requests.keyInBucket(startAfter));
        }
        ListObjectsV2Request built = request.build();
        return requests.retrying(
                "list " + prefix, () -> requests.once(Kind.LIST, () -> requests.s3.listObjectsV2(built)));
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
