package io.tidemark.client;

/** The URL of a scan. */
final class ScanPath {
    private ScanPath() {}

    static String of(String keyspace, ScanRange range, int limit, Consistency consistency) {
        StringBuilder out =
                new StringBuilder("/v1/kv/").append(keyspace).append("?limit=").append(limit);
        append(out, "prefix", range.prefix());
        append(out, "from", range.from());
        append(out, "after", range.after());
        append(out, "to", range.to());
        if (consistency == Consistency.LOCAL) {
            out.append("&consistency=local");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String name, byte[] key) {
        if (key != null) {
            out.append('&').append(name).append('=').append(KeyText.encode(key));
        }
    }
}
