package io.tidemark.shipper.store;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Requests to one bucket, counted, with rests between tries. The SDK's client retries nothing by itself. Thread-safe.
 *
 * <p>Metrics: {@code s3.requests.put|get|head|list|delete} (tries that reached S3, as it bills them: an upload in parts is
 * one per part and two), {@code s3.bytes-sent}, {@code s3.bytes-received}, {@code s3.retries}, {@code s3.unclear-puts}.
 */
final class S3Requests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3Requests.class);

    /** What is counted together. */
    enum Kind {
        PUT,
        GET,
        HEAD,
        LIST,
        DELETE
    }

    final S3Options options;
    final S3Client s3;
    final Pace pace;
    final Counter unclear;
    final Counter bytesSent;
    final Counter bytesReceived;
    private final RandomGenerator random;
    private final Counter retries;
    private final Map<Kind, Counter> counted = new EnumMap<>(Kind.class);

    /** @param random need not be thread-safe */
    S3Requests(S3Options options, S3Client s3, Pace pace, RandomGenerator random, MetricRegistry metrics) {
        this.options = options;
        this.pace = pace;
        this.random = new LockedRandom(random);
        this.s3 = s3;
        this.retries = metrics.counter("s3.retries");
        this.unclear = metrics.counter("s3.unclear-puts");
        this.bytesSent = metrics.counter("s3.bytes-sent");
        this.bytesReceived = metrics.counter("s3.bytes-received");
        for (Kind kind : Kind.values()) {
            counted.put(kind, metrics.counter("s3.requests." + kind.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** One try; throws {@link SdkException} when there is no answer that means done. */
    <T> T once(Kind kind, Supplier<T> request) {
        try {
            T answer = asked(request);
            counted.get(kind).inc();
            return answer;
        } catch (SdkException e) {
            boolean reached =
                    e instanceof AwsServiceException || S3Failure.of(e).meaning() == Meaning.UNCLEAR;
            counted.get(kind).inc(reached ? 1 : 0);
            throw e;
        }
    }

    /**
     * The SDK hands out what its HTTP client throws where that is no {@code IOException}, and the client throws {@code
     * CancellationException} when the time limit aborts a request at a certain moment: whether it got there, nobody knows.
     */
    private static <T> T asked(Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException | TidemarkException e) {
            throw e;
        } catch (RuntimeException e) {
            throw SdkClientException.create("the request ended by " + e, e);
        }
    }

    /** One try that may find nothing. */
    <T> Optional<T> find(Kind kind, Supplier<T> request) {
        try {
            return Optional.of(once(kind, request));
        } catch (SdkException e) {
            if (S3Failure.of(e).meaning() == Meaning.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** When a call that begins now gives up, if its body has so many bytes. */
    long deadline(long bytes) {
        return pace.millis() + options.patience().deadlineMillis(bytes);
    }

    <T> T retrying(String what, Supplier<T> request) {
        return retryingUntil(deadline(0), what, request);
    }

    /** For requests that do the same when repeated: tries again until an answer is clear or the deadline has come. */
    <T> T retryingUntil(long deadline, String what, Supplier<T> request) {
        Backoff backoff = backoff();
        while (true) {
            try {
                return request.get();
            } catch (SdkException e) {
                S3Failure failure = S3Failure.of(e);
                boolean clear = failure.meaning() == Meaning.REFUSED || failure.meaning() == Meaning.MISSING;
                if (clear || !rest(backoff, deadline, what, failure.reason())) {
                    throw new TidemarkException(ErrorKind.UNAVAILABLE, message(what, failure.reason()), e);
                }
            }
        }
    }

    /** Rests before the next try; false when there is no time for one. */
    boolean rest(Backoff backoff, long deadline, String what, String reason) {
        long millis = backoff.nextMillis();
        if (pace.millis() + millis >= deadline || Thread.currentThread().isInterrupted()) {
            return false;
        }
        retries.inc();
        LOG.debug("{}: {}; again in {} ms", what, reason, millis);
        pace.pause(millis);
        return !Thread.currentThread().isInterrupted();
    }

    Backoff backoff() {
        return new Backoff(
                options.patience().backoffFirstMillis(), options.patience().backoffMaxMillis(), random);
    }

    TidemarkException unavailable(String what, String reason) {
        return new TidemarkException(ErrorKind.UNAVAILABLE, message(what, reason));
    }

    private String message(String what, String reason) {
        S3Options.Place place = options.place();
        return "S3 " + (place.endpoint() == null ? place.region() : place.endpoint()) + " bucket " + place.bucket()
                + ": " + what + " failed: " + reason;
    }

    String bucket() {
        return options.place().bucket();
    }

    String keyInBucket(String key) {
        return options.place().keyInBucket(key);
    }

    String describe(String key) {
        return "s3://" + bucket() + "/" + keyInBucket(key);
    }

    @Override
    public void close() {
        s3.close();
    }

    /** The generators of the JDK are not thread-safe; back-off draws rarely. */
    private record LockedRandom(RandomGenerator source) implements RandomGenerator {
        @Override
        public synchronized long nextLong() {
            return source.nextLong();
        }
    }
}
