package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where a cluster's history is kept.
 *
 * @param endpoint URL of the S3 service; null for the one that AWS has for the region
 * @param bucket exists already; Tidemark makes no buckets except in the embedded endpoint
 * @param prefix of every key, without slashes at its ends; empty for none
 * @param embedded the endpoint is a process of this cluster's own, for trial (rule X4)
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record S3Location(String endpoint, String bucket, String prefix, boolean embedded) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    public S3Location {
        if (bucket == null || !BUCKET.matcher(bucket).matches()) {
            throw invalid("'" + bucket + "' is no name of a bucket: 3 to 63 of a-z 0-9 . -");
        }
        prefix = prefix == null ? "" : prefix.replaceAll("^/+|/+$", "");
        if (!prefix.isEmpty() && !PREFIX.matcher(prefix).matches()) {
            throw invalid("'" + prefix + "' is no prefix: words of A-Z a-z 0-9 . _ = - joined by single slashes");
        }
        if (endpoint != null) {
            checkEndpoint(endpoint);
        }
    }

    /** Reads {@code s3://bucket/prefix}; {@code INVALID} says what is wrong with it. */
    public static S3Location parse(String url, String endpoint) {
        if (!url.startsWith("s3://")) {
            throw invalid("an S3 location is s3://BUCKET or s3://BUCKET/PREFIX, not '" + url + "'");
        }
        String rest = url.substring("s3://".length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        return new S3Location(endpoint, bucket, slash < 0 ? "" : rest.substring(slash + 1), false);
    }

    /** {@code s3://bucket/prefix}. */
    public String url() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public String toString() {
        return url() + (endpoint == null ? "" : " at " + endpoint);
    }

    private static void checkEndpoint(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw invalid("the S3 endpoint '" + endpoint + "' is no URL: " + e.getMessage());
        }
        throw invalid("an S3 endpoint is http://HOST:PORT or https://HOST, not '" + endpoint + "'");
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }
}
