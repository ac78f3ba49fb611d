package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3Requests.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Uploads of large objects in parts, several at once. Parts may be sent again; the end is asked for once, and only if the
 * key is free. Whatever fails, the upload is given up, so that nobody pays for its parts, and begun anew by the caller.
 *
 * <p>Threads: as many as parts may be under way, for all uploads together; they end when idle. Thread-safe.
 */
final class S3Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3Parts.class);
    private static final long IDLE_SECONDS = 10;

    private final S3Requests requests;
    private final Bandwidth bandwidth;
    private final StaleUploads stale;
    private final ThreadPoolExecutor workers;

    S3Parts(S3Requests requests, Bandwidth bandwidth) {
        this.requests = requests;
        this.bandwidth = bandwidth;
        this.stale = new StaleUploads(requests);
        int parallel = requests.options.transfer().parallelParts();
        this.workers = new ThreadPoolExecutor(
                parallel, parallel, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "s3-part");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /** As {@link S3Uploads#send}. */
    void send(String key, byte[] stored, Map<String, String> metadata, long deadline) {
        stale.sweepNowAndThen();
        String upload = requests.once(
                Kind.PUT,
                () -> requests.s3.createMultipartUpload(create(key, metadata)).uploadId());
        try {
            List<CompletedPart> parts = sendParts(key, upload, stored, deadline);
            requests.once(
                    Kind.PUT,
                    () -> requests.s3.completeMultipartUpload(b -> b.bucket(requests.bucket())
                            .key(requests.keyInBucket(key))
                            .uploadId(upload)
                            .ifNoneMatch("*")
                            .multipartUpload(m -> m.parts(parts))));
        } catch (SdkException | TidemarkException e) {
            abort(key, upload);
            throw e;
        }
    }

    private CreateMultipartUploadRequest create(String key, Map<String, String> metadata) {
        S3Protection protection = requests.options.protection();
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(requests.bucket())
                .key(requests.keyInBucket(key))
                .metadata(metadata)
                .serverSideEncryption(S3Uploads.sse(protection.sse()))
                .ssekmsKeyId(protection.kmsKeyId());
        switch (protection.checksum()) {
            case MD5 -> {}
            case CRC32C -> request.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
            case SHA256 -> request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        }
        return request.build();
    }

    private List<CompletedPart> sendParts(String key, String upload, byte[] stored, long deadline) {
        int size = requests.options.transfer().partBytes();
        List<Callable<CompletedPart>> work = new ArrayList<>();
        for (int from = 0; from < stored.length; from += size) {
            int begin = from;
            int number = work.size() + 1;
            int length = Math.min(size, stored.length - from);
            work.add(() -> sendPart(key, upload, number, S3Uploads.part(stored, begin, length), deadline));
        }
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (Future<CompletedPart> part : workers.invokeAll(work)) {
                parts.add(part.get());
            }
            return parts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw requests.unavailable("put " + key, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException failed) {
                throw new TidemarkException(failed.kind(), failed.getMessage(), failed);
            }
            throw new TidemarkException(ErrorKind.FATAL, "put " + key + " failed: " + e.getCause(), e.getCause());
        }
    }

    private CompletedPart sendPart(String key, String upload, int number, byte[] part, long deadline) {
        String checksum = S3Uploads.checksum(requests.options.protection().checksum(), part);
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(requests.bucket())
                .key(requests.keyInBucket(key))
                .uploadId(upload)
                .partNumber(number)
                .contentLength((long) part.length)
                .overrideConfiguration(S3Connection.patience(requests.options, part.length));
        CompletedPart.Builder completed = CompletedPart.builder().partNumber(number);
        switch (requests.options.protection().checksum()) {
            case MD5 -> request.contentMD5(checksum);
            case CRC32C -> {
                request.checksumCRC32C(checksum);
                completed.checksumCRC32C(checksum);
            }
            case SHA256 -> {
                request.checksumSHA256(checksum);
                completed.checksumSHA256(checksum);
            }
        }
        UploadPartRequest built = request.build();
        UploadPartResponse answer = requests.retryingUntil(deadline, "put part " + number + " of " + key, () -> {
            bandwidth.acquire(part.length);
            return requests.once(Kind.PUT, () -> requests.s3.uploadPart(built, S3Uploads.body(part, 0, part.length)));
        });
        requests.bytesSent.inc(part.length);
        return completed.eTag(answer.eTag()).build();
    }

    /** What stays is found by {@link StaleUploads} later. */
    private void abort(String key, String upload) {
        try {
            requests.once(
                    Kind.DELETE,
                    () -> requests.s3.abortMultipartUpload(b -> b.bucket(requests.bucket())
                            .key(requests.keyInBucket(key))
                            .uploadId(upload)));
        } catch (SdkException e) {
            LOG.info(
                    "upload {} of {} was not given up: {}",
                    upload,
                    key,
                    S3Failure.of(e).reason());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
