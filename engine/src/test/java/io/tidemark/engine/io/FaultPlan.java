package io.tidemark.engine.io;

import java.io.IOException;

/**
 * Which calls of a disk fail. Of those that the fault can hit, the n-th fails, or from the n-th on all do. Not
 * thread-safe beyond its disk's own lock.
 */
public final class FaultPlan {
    /** Nothing fails. */
    public static final FaultPlan NONE = new FaultPlan(Fault.IO_ERROR, Long.MAX_VALUE, false);

    private final Fault fault;
    private final long first;
    private final boolean forGood;
    private long calls;
    private long failed;

    /** How calls fail. */
    public enum Fault {
        /** EIO of any call. */
        IO_ERROR,
        /** ENOSPC of calls that write or make a name. */
        NO_SPACE,
        /** A write that puts some of its bytes down and then fails. */
        SHORT_WRITE,
        /** EIO of a sync, after which the kernel takes what was unsynced for clean. */
        FAILED_SYNC
    }

    /** What a disk is asked to do. */
    enum Call {
        READ,
        WRITE,
        CREATE,
        SYNC,
        NAMES,
        OTHER
    }

    /** @param first the number of the call that fails, 1 for the first that this fault can hit */
    public FaultPlan(Fault fault, long first, boolean forGood) {
        this.fault = fault;
        this.first = first;
        this.forGood = forGood;
    }

    /** Calls so far that the fault could hit. */
    public long calls() {
        return calls;
    }

    /** Calls that failed. */
    public long failed() {
        return failed;
    }

    /** Whether this call is to fail. */
    boolean hits(Call call) {
        if (!matches(call)) {
            return false;
        }
        calls++;
        boolean hit = forGood ? calls >= first : calls == first;
        failed += hit ? 1 : 0;
        return hit;
    }

    private boolean matches(Call call) {
        return switch (fault) {
            case IO_ERROR -> true;
            case NO_SPACE -> call == Call.WRITE || call == Call.CREATE;
            case SHORT_WRITE -> call == Call.WRITE;
            case FAILED_SYNC -> call == Call.SYNC || call == Call.NAMES;
        };
    }

    /** Bytes of a failing write that reach the file all the same. */
    int bytesWritten(int length) {
        return fault == Fault.SHORT_WRITE ? (int) ((calls * 7919L) % Math.max(1, length)) : 0;
    }

    IOException error() {
        boolean full = fault == Fault.NO_SPACE || fault == Fault.SHORT_WRITE;
        return new IOException(full ? "No space left on device" : "Input/output error");
    }
}
