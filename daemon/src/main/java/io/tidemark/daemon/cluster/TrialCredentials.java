package io.tidemark.daemon.cluster;

import java.util.Map;

/** Fixed credentials of the embedded S3 endpoint: it listens on loopback only and is for trial (rule X4). */
public final class TrialCredentials {
    public static final String ACCESS_KEY = "tidemark";
    public static final String SECRET_KEY = "tidemark-trial";
    public static final String REGION = "us-east-1";

    private TrialCredentials() {}

    /** As the AWS SDK and tools look for them. */
    public static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY, "AWS_REGION", REGION);
    }
}
