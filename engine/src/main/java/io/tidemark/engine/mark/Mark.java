package io.tidemark.engine.mark;

import io.tidemark.engine.error.Halt;

/**
 * A position in the log that only moves forward. Before the first entry every mark is {@link #NONE}. Reading is free of
 * locks; one thread at a time moves a mark.
 */
public abstract sealed class Mark {
    /** Before the first entry. */
    public static final long NONE = -1;

    private final Halt halt;
    private volatile long lsn;

    Mark(long lsn, Halt halt) {
        this.lsn = lsn;
        this.halt = halt;
    }

    public long lsn() {
        return lsn;
    }

    /** Moves the mark to {@code to}; halts if that is backward. */
    final void moveTo(long to) {
        if (to < lsn) {
            throw halt.halt(this + " would go back to " + to, null);
        }
        lsn = to;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + lsn;
    }

    /** A majority has every entry up to here on disk. */
    public static final class Committed extends Mark {
        public Committed(long lsn, Halt halt) {
            super(lsn, halt);
        }
    }

    /** Every entry up to here is in S3, as far as this node knows for sure. */
    public static final class HighWater extends Mark {
        public HighWater(long lsn, Halt halt) {
            super(lsn, halt);
        }
    }

    /** This node's Raft log may be dropped up to here. */
    public static final class LowWater extends Mark {
        public LowWater(long lsn, Halt halt) {
            super(lsn, halt);
        }
    }

    /** This node's engine survives a crash up to here (rule M2). */
    public static final class Durable extends Mark {
        public Durable(long lsn, Halt halt) {
            super(lsn, halt);
        }
    }
}
