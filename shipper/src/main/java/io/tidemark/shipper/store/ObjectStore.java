package io.tidemark.shipper.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The object store as this project uses it: whole objects created once, never changed, removed whole. Keys are relative to the
 * configured prefix and no key is a prefix of another. Blocking; thread-safe. A request that cannot be answered now is
 * {@code UNAVAILABLE}; the caller decides when to try again.
 */
public interface ObjectStore extends AutoCloseable {
    /**
     * Creates the object if its key is free ({@code If-None-Match: *}). Unclear answers are settled by looking at the
     * object, not by hoping; what stays unclear is {@link PutOutcome#UNKNOWN}.
     */
    PutOutcome putIfAbsent(String key, byte[] bytes);

    /** The whole object, its length and stored SHA-256 checked; empty when it does not exist. */
    Optional<byte[]> get(String key);

    /**
     * So many bytes from {@code offset} on, which the object must have; empty when there is no such object. Nothing but
     * their number is checked: the caller knows what they must be.
     */
    Optional<byte[]> getRange(String key, long offset, int length);

    /** Length and hash as stored with the object; empty when it does not exist. */
    Optional<ObjectInfo> head(String key);

    /**
     * Keys that start with {@code prefix} and follow {@code startAfter} (null: from the first), in order: the first of them,
     * as many as are one answer of the store.
     */
    Page page(String prefix, String startAfter);

    /**
     * All such keys in order, page by page as they are asked for, so that histories of any length can be gone through. What
     * is put or removed meanwhile may be among them or not. Each iterator lists anew.
     */
    default Iterable<ObjectInfo> each(String prefix, String startAfter) {
        return () -> new Listing(this, prefix, startAfter);
    }

    /** All such keys together, some 200 bytes of memory each: only where they are known to be few. */
    default List<ObjectInfo> list(String prefix, String startAfter) {
        List<ObjectInfo> all = new ArrayList<>();
        each(prefix, startAfter).forEach(all::add);
        return all;
    }

    /** The names between {@code prefix} and the next {@code /}, sorted, each once. */
    List<String> folders(String prefix);

    /**
     * Removes the object; no error when it does not exist, so it may be repeated. On return it is gone: a read that begins
     * later does not find it.
     */
    void delete(String key);

    @Override
    void close();

    /**
     * A part of a listing.
     *
     * @param objects in order of their keys; empty only where no key follows
     * @param more whether others may follow the last of these
     */
    record Page(List<ObjectInfo> objects, boolean more) {
        public String lastKey() {
            return objects.get(objects.size() - 1).key();
        }
    }

    /**
     * @param bytes of its content; -1 in a listing that cannot tell
     * @param sha256 of its content, hex; null in a listing, and where only the object itself could tell
     */
    record ObjectInfo(String key, long bytes, String sha256) {}
}
