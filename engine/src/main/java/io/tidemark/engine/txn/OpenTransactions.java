package io.tidemark.engine.txn;

import java.util.Arrays;
import java.util.Collection;

/** The transactions whose changes are not everybody's at one LSN: open ones, and those being taken back. Immutable. */
public final class OpenTransactions {
    public static final OpenTransactions NONE = new OpenTransactions(new long[0]);

    private final long[] ids;

    private OpenTransactions(long[] ids) {
        this.ids = ids;
    }

    public static OpenTransactions of(Collection<Long> ids) {
        return ids.isEmpty()
                ? NONE
                : new OpenTransactions(
                        ids.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    public boolean isOpen(long transaction) {
        return Arrays.binarySearch(ids, transaction) >= 0;
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    /** Ids, ascending. */
    public long[] ids() {
        return ids.clone();
    }
}
