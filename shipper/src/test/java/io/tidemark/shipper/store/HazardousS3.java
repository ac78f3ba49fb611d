package io.tidemark.shipper.store;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.trial.FaultyProxy;
import io.tidemark.shipper.trial.HazardPlan;
import io.tidemark.shipper.trial.SimulatedHttp;
import io.tidemark.shipper.trial.SimulatedS3;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import software.amazon.awssdk.services.s3.S3Client;

/** The real client of the SDK before an S3 whose requests meet a plan of hazards. Used by one thread. */
public abstract class HazardousS3 implements AutoCloseable {
    @Override
    public abstract void close();

    private static final String BUCKET = "bucket";
    private static final String PREFIX = "p";

    /** From now on requests meet this plan, before an S3 that holds nothing of the runs before. */
    public abstract void meet(HazardPlan plan);

    /** What is still under way arrives. */
    public abstract void deliverLate(HazardPlan plan) throws IOException;

    /** The store that the plan is for; not to be closed. */
    public abstract ObjectStore store(Pace pace, Random random, MetricRegistry metrics);

    /** What it holds, past all hazards. */
    public abstract ObjectStore truth();

    /** In this process: no network, no time. */
    public static HazardousS3 simulated() {
        return new Simulated();
    }

    /** A real server, and a proxy before it that knows the hazards. */
    public static HazardousS3 real(Path directory) {
        return new Real(directory);
    }

    private static final class Simulated extends HazardousS3 {
        private static final int PAGE_KEYS = 5;
        private static final S3Options OPTIONS = S3Options.of(URI.create("https://s3.invalid"), BUCKET, PREFIX)
                .withCredentials(TrialS3Endpoint.CREDENTIALS);

        private final SimulatedHttp http = new SimulatedHttp();
        private final S3Client client = S3Connection.over(b -> b.httpClient(http), OPTIONS);
        private SimulatedS3 server;

        @Override
        public void meet(HazardPlan plan) {
            server = new SimulatedS3(PAGE_KEYS);
            http.connect(server, plan);
        }

        @Override
        public void deliverLate(HazardPlan plan) throws IOException {
            plan.deliver(server);
        }

        @Override
        public ObjectStore store(Pace pace, Random random, MetricRegistry metrics) {
            return new S3ObjectStore(OPTIONS, client, pace, random, random, metrics);
        }

        @Override
        public ObjectStore truth() {
            SimulatedS3 now = server;
            int cut = PREFIX.length() + 1;
            return new PeekedStore(
                    key -> now.peek(PREFIX + "/" + key),
                    () -> now.keys().stream().map(k -> k.substring(cut)).toList());
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class Real extends HazardousS3 {
        private final TrialS3Endpoint endpoint;
        private final FaultyProxy proxy;
        private final S3Client direct;
        private final S3Client client;
        private int runs;

        Real(Path directory) {
            endpoint = new TrialS3Endpoint(0, directory).start();
            proxy = new FaultyProxy(endpoint.port());
            direct = S3Connection.open(at(endpoint.port()));
            client = S3Connection.open(at(proxy.port()));
            direct.createBucket(b -> b.bucket(BUCKET));
        }

        /** Each run has a prefix of its own. */
        private S3Options at(int port) {
            return S3Options.of(URI.create("http://127.0.0.1:" + port), BUCKET, PREFIX + runs)
                    .withCredentials(TrialS3Endpoint.CREDENTIALS);
        }

        @Override
        public void meet(HazardPlan plan) {
            runs++;
            proxy.forget();
            proxy.plan(plan);
        }

        @Override
        public void deliverLate(HazardPlan plan) throws IOException {
            plan.deliver(proxy::serve);
        }

        @Override
        public ObjectStore store(Pace pace, Random random, MetricRegistry metrics) {
            return new S3ObjectStore(at(proxy.port()), client, pace, random, random, metrics);
        }

        @Override
        public ObjectStore truth() {
            Random random = new Random(runs);
            return new S3ObjectStore(at(endpoint.port()), direct, Pace.system(), random, random, new MetricRegistry());
        }

        @Override
        public void close() {
            client.close();
            direct.close();
            proxy.close();
            endpoint.close();
        }
    }
}
