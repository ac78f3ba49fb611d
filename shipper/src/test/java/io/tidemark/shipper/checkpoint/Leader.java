package io.tidemark.shipper.checkpoint;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.GarbageTerm;
import io.tidemark.shipper.Shipper;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.ShippingTerm;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A node that believes, rightly or not, that it leads; its two threads are steps. */
final class Leader {
    static final CheckpointOptions OPTIONS = new CheckpointOptions(4 << 10, 8 << 10, 0, 500);
    private static final ShipperOptions SEGMENTS =
            ShipperOptions.builder().segmentBytes(2 << 10).build();

    private final EngineCluster cluster;
    private final EngineCluster.Node node;
    private final ManualPace pace = new ManualPace();
    private final Random random;
    private final Shipper shipper;
    private CheckpointTerm pages;
    private ShippingTerm segments;
    private GarbageTerm past;
    private boolean agreed = true;

    Leader(EngineCluster cluster, ObjectStore store, Random random) {
        this(cluster, store, random, RetentionOptions.defaults());
    }

    Leader(EngineCluster cluster, ObjectStore store, Random random, RetentionOptions retention) {
        this.cluster = cluster;
        this.node = cluster.new Node();
        this.random = random;
        MetricRegistry metrics = new MetricRegistry();
        CheckpointTerm.Parts parts = new CheckpointTerm.Parts(
                OPTIONS,
                EngineCluster.HISTORY,
                store,
                node.engine()::cut,
                new CheckpointScratch(new SimulatedDisk(), Path.of("/checkpoint"), 0),
                () -> node.engine().state(),
                lsn -> agreed,
                random,
                metrics);
        this.shipper = new Shipper(
                SEGMENTS.toBuilder().retention(retention).build(),
                EngineCluster.HISTORY,
                store,
                node,
                node,
                () -> node.engine().state(),
                pace,
                random,
                metrics,
                Halt.THROW,
                Optional.of(parts));
        newTerm();
    }

    EngineCluster.Node node() {
        return node;
    }

    GarbageTerm past() {
        return past;
    }

    CheckpointTerm pages() {
        return pages;
    }

    /** Whether most members have this node's redo chain. */
    void agreed(boolean does) {
        agreed = does;
    }

    private void newTerm() {
        past = shipper.newGarbageTerm();
        pages = shipper.newCheckpointTerm(past::sparse).orElseThrow();
        segments = shipper.newTerm(Optional.of(pages));
    }

    void elected() {
        cluster.newTerm();
        node.applyAll();
        newTerm();
    }

    /** One step of one of the threads. */
    void step() {
        long rest = switch (random.nextInt(3)) {
            case 0 -> segments.step();
            case 1 -> pages.step();
            default -> past.step();
        };
        pace.pause(Math.min(rest, 1_000));
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    void runUntil(BooleanSupplier condition) {
        for (int i = 0; i < 20_000 && !condition.getAsBoolean(); i++) {
            step();
        }
        EngineCluster.require(condition.getAsBoolean(), "never: " + pages.phase() + ", " + pages.error());
    }
}
