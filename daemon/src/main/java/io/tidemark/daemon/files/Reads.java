package io.tidemark.daemon.files;

import java.util.List;

/** Where records come from. */
@FunctionalInterface
public interface Reads {
    /** A record. */
    record Item(byte[] key, byte[] value) {}

    /**
     * @param next first key not in this page, null after the last
     * @param lsn of the state that the page was read in
     */
    record Page(List<Item> items, byte[] next, long lsn) {}

    /** Records in key order from this key on; null: from the first. */
    Page page(byte[] from);
}
