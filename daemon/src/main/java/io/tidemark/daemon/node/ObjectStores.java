package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.shipper.store.S3ObjectStore;
import java.util.List;

/** Opens the object store of a cluster. */
public final class ObjectStores {
    private ObjectStores() {}

    /** Credentials of the embedded endpoint are known; others come from the settings, or as the AWS SDK finds them. */
    public static S3ObjectStore open(S3Location location, Settings settings, MetricRegistry metrics) {
        return S3ObjectStore.open(new S3Settings(location, settings, System.getenv()).options(), metrics);
    }

    /**
     * Looks once, for some seconds at most, whether the service answers, knows the bucket, lets us list it, and refuses to
     * overwrite objects.
     */
    public static void requireAnswer(S3Location location, Settings settings) {
        Settings impatient = settings.with(
                List.of(Setting.S3_ATTEMPT_MILLIS.key() + "=3000", Setting.S3_DEADLINE_MILLIS.key() + "=6000"));
        try (S3ObjectStore store = open(location, impatient, new MetricRegistry())) {
            store.folders("");
            store.requireConditions();
        }
    }
}
