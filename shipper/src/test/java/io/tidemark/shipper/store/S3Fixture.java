package io.tidemark.shipper.store;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.shipper.trial.FaultyProxy;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real S3 server, a proxy in front of it that records and misbehaves, and stores behind either. */
final class S3Fixture implements AutoCloseable {
    final TrialS3Endpoint endpoint;
    final FaultyProxy proxy;
    final MetricRegistry metrics = new MetricRegistry();
    final S3ObjectStore direct;
    private final List<S3ObjectStore> stores = new ArrayList<>();

    S3Fixture(Path directory) {
        endpoint = new TrialS3Endpoint(0, directory).start();
        proxy = new FaultyProxy(endpoint.port());
        direct = S3ObjectStore.open(at(endpoint.port()), new MetricRegistry());
        direct.createBucketIfAbsent();
    }

    /** Patient enough for a slow machine, with short rests between tries; its requests are the caller's alone. */
    static S3Options at(int port) {
        return S3Options.of(URI.create("http://127.0.0.1:" + port), "bucket", "p")
                .withCredentials(TrialS3Endpoint.CREDENTIALS)
                .withPatience(new S3Patience(5_000, 10_000, 1 << 20, 20_000, 1, 5))
                .withProtection(S3Protection.defaults().withoutProof());
    }

    S3Options throughProxy() {
        return at(proxy.port());
    }

    /** A store that is closed with this. */
    S3ObjectStore open(S3Options options) {
        S3ObjectStore store = S3ObjectStore.open(options, metrics);
        stores.add(store);
        return store;
    }

    long count(String metric) {
        return metrics.counter(metric).getCount();
    }

    @Override
    public void close() {
        stores.forEach(S3ObjectStore::close);
        direct.close();
        proxy.close();
        endpoint.close();
    }
}
