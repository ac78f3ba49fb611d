package io.tidemark.shipper;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import java.util.HexFormat;
import java.util.Optional;

/** Makes the newest manifest name a checkpoint that is in S3 whole. Used by one thread. */
final class CheckpointNaming {
    private final String history;
    private final ShippedObjects objects;
    private final Optional<CheckpointTerm> checkpoints;

    CheckpointNaming(String history, ShippedObjects objects, Optional<CheckpointTerm> checkpoints) {
        this.history = history;
        this.objects = objects;
        this.checkpoints = checkpoints;
    }

    /** A segment was announced. */
    void announced(long last, long bytes) {
        checkpoints.ifPresent(c -> c.announced(last, bytes));
    }

    /** LSN of the checkpoint that waits to be named, {@link Long#MAX_VALUE} for none. */
    long awaited() {
        return checkpoints
                .flatMap(CheckpointTerm::uploaded)
                .map(Checkpoint::lsn)
                .orElse(Long.MAX_VALUE);
    }

    /**
     * The checkpoint that waits, if it may be named now: it lies at or below the mark, goes on from the newest, and the mark
     * has passed the beginning of this term, so that no earlier leader's manifest becomes the newest any more (rule X3).
     */
    Optional<Checkpoint> due(State now) {
        long ownTerm = now.terms().get(now.terms().size() - 1).firstLsn();
        return checkpoints
                .flatMap(CheckpointTerm::ready)
                .filter(c -> c.lsn() <= now.shipped() && ownTerm <= now.shipped())
                .filter(c -> c.base() == now.checkpoint().lsn());
    }

    /**
     * Puts the manifest.
     *
     * @param segment the one that moved the mark
     * @param position what held at the mark
     * @param floor that the log knows
     * @return what the log has to be told now
     */
    CheckpointShipped name(Checkpoint checkpoint, Manifest.Segment segment, Position position, long floor) {
        objects.name(history, segment, position, checkpoint, floor);
        return announcement(checkpoint);
    }

    /** What tells the log of a checkpoint. */
    static CheckpointShipped announcement(Checkpoint checkpoint) {
        return new CheckpointShipped(
                checkpoint.base(),
                checkpoint.lsn(),
                checkpoint.term(),
                checkpoint.redoChain(),
                checkpoint.directory(),
                checkpoint.bytes(),
                HexFormat.of().parseHex(checkpoint.sha256()));
    }
}
