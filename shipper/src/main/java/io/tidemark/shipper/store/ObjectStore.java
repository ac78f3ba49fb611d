package io.tidemark.shipper.store;

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

    /** Keys that start with {@code prefix} and follow {@code startAfter} (null: from the first), in order, all pages of the listing. */
    List<ObjectInfo> list(String prefix, String startAfter);

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
     * @param bytes of its content; -1 in a listing that cannot tell
     * @param sha256 of its content, hex; null in a listing, and where only the object itself could tell
     */
    record ObjectInfo(String key, long bytes, String sha256) {}
}
