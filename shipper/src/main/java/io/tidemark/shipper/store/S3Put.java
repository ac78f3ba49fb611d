package io.tidemark.shipper.store;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One call of {@code putIfAbsent}: what is sent is the same at each try, and an answer that does not say whether it was
 * done is settled by looking at the object.
 */
final class S3Put {
    private static final int RACES_MAX = 20;
    private static final Logger LOG = LoggerFactory.getLogger(S3Put.class);

    private final S3Requests requests;
    private final StoredForm form;
    private final S3Reads reads;
    private final S3Uploads uploads;
    private final String key;
    private final byte[] plain;
    private final String id = UUID.randomUUID().toString();

    S3Put(S3Requests requests, StoredForm form, S3Reads reads, S3Uploads uploads, String key, byte[] plain) {
        this.requests = requests;
        this.form = form;
        this.reads = reads;
        this.uploads = uploads;
        this.key = key;
        this.plain = plain;
    }

    PutOutcome run() {
        byte[] stored = form.stored(key, plain);
        Map<String, String> metadata = form.metadata(stored, id);
        Backoff backoff = requests.backoff();
        long deadline = requests.deadline(stored.length);
        int races = 0;
        while (true) {
            S3Failure failure;
            try {
                uploads.send(key, stored, metadata, deadline);
                return PutOutcome.CREATED;
            } catch (SdkException e) {
                failure = S3Failure.of(e);
            }
            PutOutcome settled = switch (failure.meaning()) {
                case TAKEN -> settle(failure, deadline);
                case UNCLEAR -> {
                    requests.unclear.inc();
                    yield settle(failure, deadline);
                }
                case RACED -> ++races > RACES_MAX ? PutOutcome.UNKNOWN : null;
                case BUSY -> null;
                case MISSING, REFUSED -> throw requests.unavailable("put " + key, failure.reason());
            };
            if (settled != null) {
                return settled;
            }
            if (!requests.rest(backoff, deadline, "put " + key, failure.reason())) {
                return PutOutcome.UNKNOWN;
            }
        }
    }

    /** Looks at the object behind an unclear answer; null when it is not there, so it may be put again. */
    private PutOutcome settle(S3Failure failure, long deadline) {
        Optional<HeadObjectResponse> found;
        try {
            found = requests.retryingUntil(deadline, "head " + key, () -> reads.headOnce(key));
        } catch (TidemarkException e) {
            LOG.warn("put {}: {}; looking at the object failed too: {}", key, failure.reason(), e.getMessage());
            return PutOutcome.UNKNOWN;
        }
        if (found.isEmpty()) {
            return null;
        }
        Map<String, String> metadata = found.get().metadata();
        if (id.equals(metadata.get(StoredForm.PUT_ID))) {
            return PutOutcome.CREATED;
        }
        ObjectInfo there = form.info(key, found.get().contentLength(), metadata);
        boolean equal = there.sha256() == null
                ? Arrays.equals(plain, reads.get(key).orElse(null))
                : there.bytes() == plain.length && there.sha256().equals(Hashes.sha256Hex(plain));
        return equal ? PutOutcome.ALREADY_OURS : PutOutcome.FENCED;
    }
}
