package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import java.net.URI;

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
}
