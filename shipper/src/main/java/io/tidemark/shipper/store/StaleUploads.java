package io.tidemark.shipper.store;

import io.tidemark.shipper.store.S3Requests.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Gives up uploads below the prefix that somebody began long ago and never completed: their parts are paid for and seen by
 * nobody. Ages are by the server's clock alone. Failing at it is logged and harms nothing. Thread-safe.
 */
final class StaleUploads {
    private static final Logger LOG = LoggerFactory.getLogger(StaleUploads.class);
    private static final long AGAIN_MILLIS = 3_600_000;

    private final S3Requests requests;
    private long nextMillis = Long.MIN_VALUE;

    StaleUploads(S3Requests requests) {
        this.requests = requests;
    }

    /** Looks, unless it did within the last hour. */
    void sweepNowAndThen() {
        if (due()) {
            try {
                sweep();
            } catch (SdkException e) {
                LOG.warn(
                        "uploads that were never completed cannot be looked for: {}",
                        S3Failure.of(e).reason());
            }
        }
    }

    private synchronized boolean due() {
        long now = requests.pace.millis();
        if (now < nextMillis) {
            return false;
        }
        nextMillis = now + AGAIN_MILLIS;
        return true;
    }

    private void sweep() {
        String keyMarker = null;
        String uploadMarker = null;
        do {
            String fromKey = keyMarker;
            String fromUpload = uploadMarker;
            ListMultipartUploadsResponse page = requests.once(
                    Kind.LIST,
                    () -> requests.s3.listMultipartUploads(b -> b.bucket(requests.bucket())
                            .prefix(requests.keyInBucket(""))
                            .keyMarker(fromKey)
                            .uploadIdMarker(fromUpload)));
            Optional<Instant> now = serverTime(page);
            if (now.isEmpty()) {
                LOG.warn("uploads that were never completed are left: the server does not say what time it is");
                return;
            }
            Instant before =
                    now.get().minus(Duration.ofHours(requests.options.transfer().staleUploadHours()));
            page.uploads().stream()
                    .filter(u -> u.initiated() != null && u.initiated().isBefore(before))
                    .forEach(this::abort);
            boolean more = Boolean.TRUE.equals(page.isTruncated());
            keyMarker = more ? page.nextKeyMarker() : null;
            uploadMarker = more ? page.nextUploadIdMarker() : null;
        } while (keyMarker != null);
    }

    private static Optional<Instant> serverTime(ListMultipartUploadsResponse page) {
        try {
            return page.sdkHttpResponse()
                    .firstMatchingHeader("Date")
                    .map(d -> ZonedDateTime.parse(d, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void abort(MultipartUpload upload) {
        requests.once(
                Kind.DELETE,
                () -> requests.s3.abortMultipartUpload(
                        b -> b.bucket(requests.bucket()).key(upload.key()).uploadId(upload.uploadId())));
        LOG.info("gave up upload {} of {}, begun {}", upload.uploadId(), upload.key(), upload.initiated());
    }
}
