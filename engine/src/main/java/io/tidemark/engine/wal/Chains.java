package io.tidemark.engine.wal;

import java.util.OptionalLong;

/** Chain values by LSN, from the last forgotten to the last appended. Thread-safe. */
interface Chains {
    /** Begins anew with one value. */
    void start(long lsn, long chain);

    /** The value after an LSN above all others. */
    void add(long lsn, long chain);

    OptionalLong at(long lsn);

    /** The last value is never forgotten. */
    void forgetBelow(long lsn);
}
