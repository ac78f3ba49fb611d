package io.tidemark.recovery.hazard;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.Histories;
import io.tidemark.recovery.Replay;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.recovery.View;
import io.tidemark.shipper.ShippingTerm.Phase;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.store.HazardousS3;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.trial.HazardPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A small life with S3 under one plan of hazards: three leaders ship segments, manifests and two checkpoints, one of them
 * dying between a manifest and its announcement; then somebody replays all of it, and somebody makes a store from the
 * newest checkpoint and looks at it.
 */
final class HazardRun {
    /** What a reader may be told while a hazard holds. */
    private static final Set<ErrorKind> NAMED =
            EnumSet.of(ErrorKind.UNAVAILABLE, ErrorKind.CORRUPT, ErrorKind.NOT_FOUND, ErrorKind.INVALID);

    private static final int STEPS_MAX = 3_000;
    private static final int TRIES_MAX = 60;

    private final HazardousS3 s3;
    private final HazardPlan plan;
    private final Path directory;
    private final ManualPace pace = new ManualPace();
    private final Random random = new Random(5);
    private final MetricRegistry metrics = new MetricRegistry();
    private final ObjectStore store;
    private final SharedLog log;
    private int refused;
    private int places;

    /** @param directory for stores that are made, this run's alone */
    HazardRun(HazardousS3 s3, HazardPlan plan, Path directory) {
        this.s3 = s3;
        this.plan = plan;
        this.directory = directory;
        s3.meet(plan);
        this.store = s3.store(pace, random, metrics);
        this.log = new SharedLog(s3.truth());
    }

    /** Reads that were refused by name, and then done again. */
    int refused() {
        return refused;
    }

    /** Readers come while something can still happen to them. */
    void play() {
        try (log) {
            ship();
            if (!plan.isOver()) {
                read();
            }
            deliverLate();
            log.proveCoverage();
            SharedLog.require(replayed(new HistoryReader(s3.truth())), "S3 does not have the newest state");
        }
    }

    private void ship() {
        Leadership first = elected();
        put(16);
        settle(first);
        Leadership second = elected();
        put(14);
        settle(second);
        put(6);
        for (int i = 0; i < STEPS_MAX && second.phase() != Phase.PROPOSING; i++) {
            second.step();
        }
        log.takesProposals(false);
        second.step();
        log.takesProposals(true);
        Leadership third = elected();
        settle(third);
        second.step();
        put(2);
        settle(third);
        SharedLog.require(
                log.engine().state().checkpoint().base() >= 0,
                "two checkpoints: " + log.engine().state());
    }

    private Leadership elected() {
        log.newTerm();
        return new Leadership(log, store, pace, random, metrics);
    }

    private void put(int entries) {
        for (int i = 0; i < entries; i++) {
            log.put(random, 24, 100 + random.nextInt(500));
        }
    }

    /** Until everything is shipped and nothing is wrong. */
    private void settle(Leadership leader) {
        for (int i = 0; i < STEPS_MAX; i++) {
            leader.step();
            if (!log.hasClientEntriesToShip() && leader.rests() && checkpointed()) {
                return;
            }
        }
        throw new AssertionError("does not come to rest: " + leader);
    }

    private boolean checkpointed() {
        State now = log.engine().state();
        return new HistoryReader(s3.truth())
                        .covering(SharedLog.HISTORY, now.checkpoint().lsn(), now.shipped()).stream()
                                .mapToLong(HistoryReader.Piece::bytes)
                                .sum()
                < Leadership.CHECKPOINT_LOG_BYTES;
    }

    private void read() {
        HistoryReader reader = new HistoryReader(store);
        again(() -> replayed(reader));
        again(() -> viewed(reader));
    }

    private boolean replayed(HistoryReader reader) {
        try (Engine engine = MemoryEngine.open()) {
            new Replay(reader).toNewest(engine, SharedLog.HISTORY);
            return isTheState(engine);
        }
    }

    private boolean viewed(HistoryReader reader) {
        Path place = directory.resolve("place-" + places++);
        long lsn = new Histories(reader).newest(SharedLog.HISTORY);
        try (View view =
                View.open(reader, SharedLog.HISTORY, lsn, new StoreDirectory(place, MemoryEngine::open), p -> {})) {
            State expected = log.at(lsn);
            SharedLog.require(view.state().redoChain() == expected.redoChain(), "a view of other pages at LSN " + lsn);
            return lsn >= log.engine().state().shipped()
                    && view.contents().sha256().equals(log.engine().contents().sha256());
        }
    }

    /** It is a state that the log had; true when it is the newest. A listing that is stale gives an older one. */
    private boolean isTheState(StorageEngine engine) {
        State found = engine.state();
        if (found.applied() < 0) {
            return false;
        }
        State expected = log.at(found.applied());
        SharedLog.require(found.redoChain() == expected.redoChain(), "other pages at LSN " + found.applied());
        return found.applied() >= log.engine().state().shipped()
                && engine.contents().sha256().equals(log.engine().contents().sha256());
    }

    /** A reader comes again until it has the newest. */
    private void again(Supplier<Boolean> reading) {
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                if (reading.get()) {
                    return;
                }
            } catch (TidemarkException e) {
                SharedLog.require(NAMED.contains(e.kind()), "an error of kind " + e.kind() + ": " + e);
            }
            SharedLog.require(plan.met() > 0, "a reader is refused although nothing happened");
            refused++;
        }
        throw new AssertionError("never read whole");
    }

    private void deliverLate() {
        try {
            s3.deliverLate(plan);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
