package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.mark.Mark;

/** Up to where the log's owner says that entries are final; not remembered over a restart. Thread-safe. */
final class LowWater {
    private long mark = Mark.NONE;

    /** At least what is shipped, since only what is final is. */
    synchronized long mark(long shipped) {
        return Math.max(mark, shipped);
    }

    synchronized void moveTo(long lsn, long shipped) {
        if (lsn < mark(shipped)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the low-water mark is " + mark(shipped) + " and does not go back to " + lsn
                            + ": what was final, or is shipped, stays so");
        }
        mark = lsn;
    }
}
