package io.tidemark.daemon.cost;

import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lies in S3 below the cluster's prefix, of all its histories.
 *
 * @param objects by kind: log, pages, checkpoint, manifest, other
 * @param bytes by kind
 * @param unknown objects whose size the listing does not tell, since plain ones stand among encrypted ones
 */
public record StoredUsage(Map<String, Long> objects, Map<String, Long> bytes, long unknown) {

    /** Lists the whole prefix: one request per 1,000 objects. */
    public static StoredUsage list(ObjectStore store) {
        Map<String, Long> objects = new TreeMap<>();
        Map<String, Long> bytes = new TreeMap<>();
        long unknown = 0;
        for (ObjectInfo object : store.each("", null)) {
            String kind = kind(object.key());
            objects.merge(kind, 1L, Long::sum);
            bytes.merge(kind, Math.max(0, object.bytes()), Long::sum);
            unknown += object.bytes() < 0 ? 1 : 0;
        }
        return new StoredUsage(objects, bytes, unknown);
    }

    private static String kind(String key) {
        String[] words = key.split("/");
        return words.length == 3 ? words[1] : "other";
    }

    public long totalBytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
