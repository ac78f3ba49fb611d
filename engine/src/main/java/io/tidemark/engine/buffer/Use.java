package io.tidemark.engine.buffer;

/** Why a page is wanted; tells the replacement what it is worth. */
public enum Use {
    /** One record, or a page of the way to it: likely wanted again. */
    POINT,
    /** In passing: does not make the page worth keeping. */
    SCAN
}
