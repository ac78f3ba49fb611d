package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;
import java.util.regex.Pattern;

/** The cluster's limits, checked here too: a request that breaks one never leaves the client. */
public final class RequestLimits {
    public static final int KEY_BYTES_MAX = 2048;
    public static final int VALUE_BYTES_MAX = 16 << 20;
    private static final Pattern KEYSPACE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private RequestLimits() {}

    public static void checkKeyspace(String keyspace) {
        if (!KEYSPACE.matcher(keyspace).matches() || keyspace.startsWith("sys.")) {
            throw invalid("a keyspace is 1..128 characters of A-Z a-z 0-9 . _ - and does not begin with sys., unlike '"
                    + (keyspace.length() > 160 ? keyspace.substring(0, 160) + "..." : keyspace) + "'");
        }
    }

    public static void checkKey(byte[] key) {
        if (key.length == 0 || key.length > KEY_BYTES_MAX) {
            throw invalid("a key has 1.." + KEY_BYTES_MAX + " bytes, not " + key.length);
        }
    }

    /** @param bound empty for none */
    public static void checkBound(byte[] bound) {
        if (bound.length > 0) {
            checkKey(bound);
        }
    }

    public static void checkValue(byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw invalid("a value has at most " + VALUE_BYTES_MAX + " bytes, not " + value.length);
        }
    }

    private static TidemarkClientException invalid(String message) {
        return new TidemarkClientException(Kind.INVALID, message);
    }
}
