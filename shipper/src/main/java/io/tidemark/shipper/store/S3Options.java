package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URI;

/**
 * Where the objects live and how patient to be; checked once.
 *
 * @param endpoint null for the region's own; else {@code http(s)://host:port}
 * @param region for signing; default {@code us-east-1}, which other S3 servers ignore
 * @param bucket 3..63 characters
 * @param prefix all keys start with it and a slash; empty for none; no slash at either end
 * @param credentials null for the default chain (environment, profile, instance)
 * @param connectMillis time to open a connection; default 2,000
 * @param attemptMillis time for one request with its answer; default 10,000. A smaller one makes more answers unclear, a
 *     greater one hides a dead endpoint for longer
 * @param deadlineMillis time for a whole call with its retries; at least {@code attemptMillis}; default 20,000
 * @param backoffFirstMillis upper bound of the first delay between retries; default 50
 * @param backoffMaxMillis upper bound of each delay; default 2,000
 * @param connectionsMax connections kept open at most; default 16
 */
public record S3Options(
        URI endpoint,
        String region,
        String bucket,
        String prefix,
        Credentials credentials,
        long connectMillis,
        long attemptMillis,
        long deadlineMillis,
        long backoffFirstMillis,
        long backoffMaxMillis,
        int connectionsMax) {

    /** Explicit credentials. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        /** Never shows the secret. */
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    /** Defaults for everything but the place. */
    public static S3Options of(URI endpoint, String bucket, String prefix) {
        return new S3Options(endpoint, "us-east-1", bucket, prefix, null, 2_000, 10_000, 20_000, 50, 2_000, 16);
    }

    public S3Options {
        require(
                endpoint == null || "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()),
                "endpoint must be http://host:port or https://host:port",
                endpoint);
        require(endpoint == null || endpoint.getHost() != null, "endpoint must name a host", endpoint);
        require(region != null && !region.isBlank(), "region must not be empty", region);
        require(
                bucket != null && bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                "bucket must have 3..63 of a-z 0-9 . -",
                bucket);
        require(
                prefix != null && (prefix.isEmpty() || prefix.matches("[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*")),
                "prefix must be words of A-Z a-z 0-9 . _ = - joined by single slashes",
                prefix);
        require(connectMillis >= 1, "connectMillis must be at least 1", connectMillis);
        require(attemptMillis >= connectMillis, "attemptMillis must be at least connectMillis", attemptMillis);
        require(deadlineMillis >= attemptMillis, "deadlineMillis must be at least attemptMillis", deadlineMillis);
        require(backoffFirstMillis >= 1, "backoffFirstMillis must be at least 1", backoffFirstMillis);
        require(
                backoffMaxMillis >= backoffFirstMillis,
                "backoffMaxMillis must be at least backoffFirstMillis",
                backoffMaxMillis);
        require(connectionsMax >= 2, "connectionsMax must be at least 2", connectionsMax);
    }

    public S3Options withCredentials(Credentials explicit) {
        return new S3Options(
                endpoint,
                region,
                bucket,
                prefix,
                explicit,
                connectMillis,
                attemptMillis,
                deadlineMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                connectionsMax);
    }

    public S3Options withRegion(String other) {
        return new S3Options(
                endpoint,
                other,
                bucket,
                prefix,
                credentials,
                connectMillis,
                attemptMillis,
                deadlineMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                connectionsMax);
    }

    public S3Options withTimeouts(long connect, long attempt, long deadline) {
        return new S3Options(
                endpoint,
                region,
                bucket,
                prefix,
                credentials,
                connect,
                attempt,
                deadline,
                backoffFirstMillis,
                backoffMaxMillis,
                connectionsMax);
    }

    /** The key in the bucket. */
    String keyInBucket(String key) {
        return prefix.isEmpty() ? key : prefix + "/" + key;
    }

    private static void require(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "S3: " + rule + ", not '" + found + "'");
        }
    }
}
