package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import java.net.URI;
import java.util.List;

/** Opens the object store of a cluster. */
public final class ObjectStores {
    private ObjectStores() {}

    /** Credentials of the embedded endpoint are known; others come from the environment, as the AWS SDK finds them. */
    public static S3ObjectStore open(S3Location location, Settings settings, MetricRegistry metrics) {
        S3Options options = S3Options.of(
                location.endpoint() == null ? null : URI.create(location.endpoint()),
                location.bucket(),
                location.prefix());
        long attempt = settings.get(Setting.S3_ATTEMPT_MILLIS);
        options = options.withTimeouts(
                Math.min(options.connectMillis(), attempt), attempt, settings.get(Setting.S3_DEADLINE_MILLIS));
        String region = System.getenv("AWS_REGION");
        if (region != null && !region.isBlank()) {
            options = options.withRegion(region);
        }
        if (location.embedded()) {
            options = options.withRegion(TrialCredentials.REGION)
                    .withCredentials(
                            new S3Options.Credentials(TrialCredentials.ACCESS_KEY, TrialCredentials.SECRET_KEY));
        }
        return S3ObjectStore.open(options, metrics);
    }

    /** Looks once, for some seconds at most, whether the service answers, knows the bucket and lets us list it. */
    public static void requireAnswer(S3Location location) {
        Settings impatient = Settings.standard()
                .with(List.of(Setting.S3_ATTEMPT_MILLIS.key() + "=3000", Setting.S3_DEADLINE_MILLIS.key() + "=6000"));
        try (S3ObjectStore store = open(location, impatient, new MetricRegistry())) {
            store.folders("");
        }
    }
}
