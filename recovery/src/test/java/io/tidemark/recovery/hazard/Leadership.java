package io.tidemark.recovery.hazard;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.GarbageTerm;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.Shipper;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.ShippingTerm;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.checkpoint.CheckpointScratch;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;

/** What one leader does for S3; its threads are steps that take turns. */
final class Leadership {
    static final long CHECKPOINT_LOG_BYTES = 5 << 10;
    private static final ShipperOptions SEGMENTS =
            ShipperOptions.builder().segmentBytes(2 << 10).build();
    private static final CheckpointOptions PAGES = new CheckpointOptions(CHECKPOINT_LOG_BYTES, 16 << 10, 0, 500);

    private final ManualPace pace;
    private final ShippingTerm segments;
    private final CheckpointTerm pages;
    private final GarbageTerm past;
    private boolean pastRests;

    /** Announces to the log itself, and puts segments within its steps. */
    Leadership(SharedLog log, ObjectStore store, ManualPace pace, Random random, MetricRegistry metrics) {
        this(log, store, RetentionOptions.defaults(), log, Runnable::run, pace, random, metrics);
    }

    /** @param workers put segments */
    Leadership(
            SharedLog log,
            ObjectStore store,
            RetentionOptions retention,
            HighWaterProposer proposer,
            Executor workers,
            ManualPace pace,
            Random random,
            MetricRegistry metrics) {
        this.pace = pace;
        Engine engine = log.engine();
        CheckpointTerm.Parts parts = new CheckpointTerm.Parts(
                PAGES,
                SharedLog.HISTORY,
                store,
                engine::cut,
                new CheckpointScratch(new SimulatedDisk(), Path.of("/checkpoint"), 0),
                engine::state,
                lsn -> true,
                random,
                metrics);
        Shipper shipper = new Shipper(
                SEGMENTS.toBuilder().retention(retention).build(),
                SharedLog.HISTORY,
                store,
                log,
                proposer,
                engine::state,
                pace,
                random,
                metrics,
                Halt.THROW,
                Optional.of(parts));
        this.past = shipper.newGarbageTerm();
        this.pages = shipper.newCheckpointTerm(past::sparse).orElseThrow();
        this.segments = shipper.newTerm(Optional.of(pages), workers, () -> {});
    }

    /** Each thread does its next thing; they rest together. */
    void step() {
        long rest = past.step();
        pastRests = rest > 0;
        rest = Math.min(rest, Math.min(segments.step(), pages.step()));
        pace.pause(Math.max(1, rest));
    }

    ShippingTerm.Phase phase() {
        return segments.phase();
    }

    /** Whether it has nothing to do but wait, and nothing to complain about. */
    boolean rests() {
        return segments.phase() == ShippingTerm.Phase.GATHERING
                && pages.phase() == CheckpointTerm.Phase.WAITING
                && segments.error() == null
                && pages.error() == null
                && past.error() == null
                && pastRests;
    }

    @Override
    public String toString() {
        return segments.phase() + " (" + segments.error() + "), pages " + pages.phase() + " (" + pages.error()
                + "), garbage (" + past.error() + ")";
    }
}
