package io.tidemark.daemon.cli;

import io.tidemark.daemon.files.LoadLimits;
import io.tidemark.engine.log.EntryLimits;

/** What a record may be, said before it is sent. */
final class Limits {
    static final int KEY_BYTES_MAX = EntryLimits.KEY_BYTES_MAX;
    static final int VALUE_BYTES_MAX = EntryLimits.VALUE_BYTES_MAX;

    private Limits() {}

    static LoadLimits load() {
        return new LoadLimits(KEY_BYTES_MAX, VALUE_BYTES_MAX);
    }
}
