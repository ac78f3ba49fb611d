package io.tidemark.engine.mark;

import io.tidemark.engine.error.Halt;

/**
 * The marks of one node, and the invariant between them: {@code Raft_LWM <= S3_HWM <= committed}, checked at every move
 * (rule M1). A move that would break it halts the process before it is made. Thread-safe.
 */
public final class Timeline {
    private final Halt halt;
    private final Mark.Committed committed;
    private final Mark.HighWater highWater;
    private final Mark.LowWater lowWater;
    private final Mark.Durable durable;
    private long moves;

    /** Marks as this node finds them at its start; {@code committed} is at least the applied LSN. */
    public Timeline(long lowWater, long highWater, long committed, long durable, Halt halt) {
        this.halt = halt;
        this.committed = new Mark.Committed(committed, halt);
        this.highWater = new Mark.HighWater(highWater, halt);
        this.lowWater = new Mark.LowWater(lowWater, halt);
        this.durable = new Mark.Durable(durable, halt);
        check(lowWater, highWater, committed);
    }

    /** Commit indexes arrive out of order and again and again: a lower one is ignored. */
    public synchronized void committed(long lsn) {
        if (lsn > committed.lsn()) {
            committed.moveTo(lsn);
            moves++;
        }
    }

    public synchronized void highWater(long lsn) {
        check(lowWater.lsn(), lsn, committed.lsn());
        highWater.moveTo(lsn);
        moves++;
    }

    public synchronized void lowWater(long lsn) {
        check(lsn, highWater.lsn(), committed.lsn());
        lowWater.moveTo(lsn);
        moves++;
    }

    public synchronized void durable(long lsn) {
        durable.moveTo(lsn);
        moves++;
    }

    private void check(long low, long high, long commit) {
        if (low > high || high > commit) {
            throw halt.halt(
                    "Raft_LWM <= S3_HWM <= committed does not hold: " + low + " <= " + high + " <= " + commit, null);
        }
    }

    public long committed() {
        return committed.lsn();
    }

    public long highWater() {
        return highWater.lsn();
    }

    public long lowWater() {
        return lowWater.lsn();
    }

    public long durable() {
        return durable.lsn();
    }

    /** The marks of one moment. Read one after another they would contradict each other while they move. */
    public synchronized Moment now() {
        return new Moment(lowWater.lsn(), highWater.lsn(), committed.lsn(), moves);
    }

    /**
     * Marks that held together.
     *
     * @param checkedMoves how often a mark was moved, each time under the invariant's check
     */
    public record Moment(long lowWater, long highWater, long committed, long checkedMoves) {}
}
