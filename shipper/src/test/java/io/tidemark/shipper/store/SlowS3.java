package io.tidemark.shipper.store;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.trial.HazardPlan;
import io.tidemark.shipper.trial.HttpMessage;
import io.tidemark.shipper.trial.SimulatedHttp;
import io.tidemark.shipper.trial.SimulatedS3;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 in this process whose answers take their time, and some of which are errors, behind the real client of the SDK.
 * Thread-safe.
 */
public final class SlowS3 implements AutoCloseable {
    private static final S3Options OPTIONS =
            S3Options.of(URI.create("https://s3.invalid"), "bucket", "p").withCredentials(TrialS3Endpoint.CREDENTIALS);

    private final SimulatedS3 server = new SimulatedS3(1_000);
    private final SimulatedHttp http = new SimulatedHttp();
    private final S3Client client = S3Connection.over(b -> b.httpClient(http), OPTIONS);
    private final AtomicLong requests = new AtomicLong();
    private volatile long millis;
    private volatile long errorEvery = Long.MAX_VALUE;

    public SlowS3() {
        http.connect(this::serve, HazardPlan.none());
    }

    /** From now on each request takes so long, and each n-th is answered 503. */
    public void slow(long eachMillis, long everyNth) {
        requests.set(0);
        millis = eachMillis;
        errorEvery = everyNth;
    }

    /** Since the last {@link #slow}. */
    public long requests() {
        return requests.get();
    }

    private HttpMessage serve(HttpMessage request) throws java.io.IOException {
        long number = requests.incrementAndGet();
        try {
            // Never counted down: what is simulated here is time.
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return number % errorEvery == 0 ? HttpMessage.error(request, 503, "SlowDown") : server.serve(request);
    }

    /** Not to be closed. */
    public ObjectStore store() {
        return new S3ObjectStore(OPTIONS, client, Pace.system(), new Random(7), new Random(8), new MetricRegistry());
    }

    @Override
    public void close() {
        client.close();
    }
}
