package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.log.EntryLimits;
import java.util.List;
import java.util.OptionalLong;

/**
 * What of the past is kept in S3, as the log says (rules CT6, X3). A state can be had again from the floor on; what is
 * needed for earlier ones alone goes once a manifest has said so for a while.
 *
 * @param floor LSN of a checkpoint: states below it are given up; -1: none
 * @param namedMillis time of the log's clock since when a manifest says so, -1 while none does
 * @param collected what is needed for states below this LSN alone may be removed; at most {@code floor}
 * @param swept objects at or below this LSN that nothing leads to may be removed
 * @param pins what the floor stops at, by name
 * @param checkpoints that are kept, in order: from the floor on, and the one that the floor's goes on from
 */
public record Retention(
        long floor, long namedMillis, long collected, long swept, List<Pin> pins, List<Kept> checkpoints) {
    /** Everything is kept, and there is no checkpoint yet. */
    public static final Retention NONE = new Retention(-1, -1, -1, -1, List.of(), List.of());

    public Retention {
        pins = List.copyOf(pins);
        checkpoints = List.copyOf(checkpoints);
    }

    /** The state at {@code lsn} is kept as long as the pin is there. */
    public record Pin(String name, long lsn) {}

    /**
     * A checkpoint and its age.
     *
     * @param shippedMillis time of the log's clock when the log took it
     */
    public record Kept(Checkpoint checkpoint, long shippedMillis) {
        public long lsn() {
            return checkpoint.lsn();
        }
    }

    /**
     * The greatest LSN, at most {@code lsn}, to which one command raises the floor if no pin is in its way; the floor itself
     * when there is none above it.
     */
    public long reachable(long lsn) {
        long reached = floor;
        for (int i = 0; i < checkpoints.size() && i <= EntryLimits.CHECKPOINTS_GIVEN_UP_MAX; i++) {
            long next = checkpoints.get(i).lsn();
            reached = next > floor && next <= lsn ? next : reached;
        }
        return reached;
    }

    /** The lowest LSN that is pinned. */
    public OptionalLong lowestPin() {
        return pins.stream().mapToLong(Pin::lsn).min();
    }

    /** Whether a manifest says what the floor is. */
    public boolean isNamed() {
        return namedMillis >= 0;
    }
}
