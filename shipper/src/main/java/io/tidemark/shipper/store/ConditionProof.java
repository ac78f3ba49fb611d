package io.tidemark.shipper.store;

import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Proof that the server knows {@code If-None-Match: *}, without which two leaders could overwrite one another: an object
 * under a key of its own is put until it is there, and must then be refused. It stays, so that later proofs take one
 * request; the end of an upload in parts is proved apart, by those who need it. Once per store. Thread-safe.
 *
 * <pre>
 *   PREFIX/conditions/proof   a few words for people
 * </pre>
 */
final class ConditionProof {
    static final String KEY = "conditions/proof";

    private static final byte[] BYTES =
            ("Tidemark puts this object to see whether the server refuses to overwrite it. It holds"
                            + " nothing else, and comes again when it is removed.\n")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int PUTS_MAX = 2;

    /** Sends an object that must not be there yet; throws what the SDK throws. */
    @FunctionalInterface
    interface Sender {
        void send(String key, byte[] bytes, Map<String, String> metadata, long deadline);
    }

    private final S3Requests requests;
    private final Sender sender;
    private final String where;
    private boolean proved;

    /** @param where the condition stands, in words */
    ConditionProof(S3Requests requests, Sender sender, String where) {
        this.requests = requests;
        this.sender = sender;
        this.where = where;
    }

    /**
     * Proves it, the first time; others wait for the proof.
     *
     * @throws io.tidemark.engine.error.TidemarkException {@code UNAVAILABLE} when the server ignores the condition, and when
     *     S3 does not answer
     */
    synchronized void require() {
        if (proved || !requests.options.protection().proveConditions()) {
            return;
        }
        long deadline = requests.deadline(BYTES.length);
        Backoff backoff = requests.backoff();
        int puts = 0;
        while (puts < PUTS_MAX) {
            S3Failure failure;
            try {
                sender.send(KEY, BYTES, Map.of(), deadline);
                puts++;
                continue;
            } catch (SdkException e) {
                failure = S3Failure.of(e);
            }
            if (failure.meaning() == Meaning.TAKEN) {
                proved = true;
                return;
            }
            boolean clear = failure.meaning() == Meaning.REFUSED || failure.meaning() == Meaning.MISSING;
            if (clear || !requests.rest(backoff, deadline, "put " + KEY, failure.reason())) {
                throw requests.unavailable("put " + KEY, failure.reason());
            }
        }
        throw requests.unavailable(
                "put " + KEY,
                "it was put over the one that is there, so this server ignores If-None-Match: * " + where
                        + " and two leaders could overwrite one another; use another server, or set"
                        + " s3-prove-conditions=false if you know better");
    }
}
