package io.tidemark.recovery;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.LateShipment;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes an engine's directory from S3 alone, at one LSN, and begins a new history there. The directory is then copied to
 * every node of the new cluster, whose leader's first command is {@code HistoryStarted} (rule H2).
 *
 * <p>The source history is only read. The new one gets two objects: its {@code history.json}, and a first manifest whose
 * mark is the fork, so that it can itself be restored before it has shipped anything.
 */
public final class Restore {
    private final ObjectStore store;
    private final HistoryReader reader;
    private final Histories histories;
    private final NewStore place;
    private final Supplier<String> ids;
    private final Pace pace;
    private final Consumer<Progress> progress;

    /**
     * @param place where the new store is made, which must be empty; this closes it
     * @param ids gives the id of the new history, never the same twice; a UUID
     * @param progress told after each segment
     */
    public Restore(ObjectStore store, NewStore place, Supplier<String> ids, Pace pace, Consumer<Progress> progress) {
        this.store = store;
        this.reader = new HistoryReader(store);
        this.histories = new Histories(reader);
        this.place = place;
        this.ids = ids;
        this.pace = pace;
        this.progress = progress;
    }

    /**
     * Restores.
     *
     * @param source the history to read; empty for the only one there, {@code INVALID} with a list when there are several
     * @param lsn the state wanted; empty for the newest manifest's mark
     */
    public RestoreReport run(Optional<String> source, Optional<Long> lsn) {
        return run(histories.choose(source), lsn, null);
    }

    /**
     * Restores to what S3 has, and goes on with what a surviving node has above it (rule L9): first in its own history in
     * S3, which must be dead, so that the new one has all of its past there. The log may hold entries that were never
     * acknowledged; whatever was acknowledged by this node is among them.
     */
    public RestoreReport run(SurvivingLog survivor) {
        return run(survivor.history(), Optional.empty(), survivor);
    }

    private RestoreReport run(String parent, Optional<Long> lsn, SurvivingLog survivor) {
        if (survivor != null) {
            // nobody leads the parent any more, so nothing of it goes
            Brought brought = bring(parent, lsn, survivor);
            HistoryRecord child = record(ids.get(), parent, brought.state().applied());
            putRecord(child);
            return begin(child, brought, floor(reader.newestManifest(parent)));
        }
        long target = lsn.orElseGet(() -> histories.newest(parent));
        long mark = histories.newest(parent);
        if (target > mark || target < 0) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "history " + parent + " reaches LSN " + mark + " in S3, not " + target);
        }
        HistoryRecord child = record(ids.get(), parent, target);
        putRecord(child);
        try {
            // whoever removes something from now on sees the record, or had raised the floor before (rule X3)
            long floor = floor(reader.newestManifestKeeping(parent, target, "the state at LSN " + target));
            return begin(child, bring(parent, Optional.of(target), null), floor);
        } catch (RuntimeException | Error e) {
            takeBack(child, e);
            throw e;
        }
    }

    private static long floor(Optional<Manifest> newest) {
        return newest.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
    }

    /** Where the answer is unclear it may be there all the same; where it was refused it is another's. */
    private void putRecord(HistoryRecord child) {
        try {
            put(child.key(), child.encode());
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.CONFLICT) {
                takeBack(child, e);
            }
            throw e;
        }
    }

    /** Else it would hold on to its parent's objects for ever. */
    private void takeBack(HistoryRecord child, Throwable why) {
        try {
            store.delete(child.key());
        } catch (TidemarkException e) {
            why.addSuppressed(new TidemarkException(
                    e.kind(), "object " + child.key() + " is left and should be removed: " + e.getMessage(), e));
        }
    }

    /**
     * What was brought back.
     *
     * @param loaded LSN of the checkpoint that it began with, -1 for none
     */
    private record Brought(
            State state, Optional<ContentsDigest> contents, long coldPages, Replay.Result replayed, long loaded) {}

    private Brought bring(String parent, Optional<Long> lsn, SurvivingLog survivor) {
        boolean nothingShipped =
                survivor != null && reader.newestManifest(parent).isEmpty();
        long loaded = nothingShipped
                ? -1
                : new CheckpointLoad(reader).into(place, parent, lsn.orElseGet(() -> histories.newest(parent)));
        try (StorageEngine engine = place.open()) {
            if (engine.state().applied() != loaded) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        "the directory to restore into holds a store at LSN "
                                + engine.state().applied() + "; give an empty one");
            }
            Replay replay = new Replay(reader, progress);
            Replay.Result replayed = nothingShipped
                    ? new Replay.Result(-1, -1, 0, 0, 0)
                    : replay.to(engine, parent, lsn.orElseGet(() -> histories.newest(parent)));
            if (survivor != null) {
                goOn(engine, parent, survivor);
            }
            engine.checkpoint();
            long cold = engine.tier().coldPages();
            Optional<ContentsDigest> contents = cold == 0 ? Optional.of(engine.contents()) : Optional.empty();
            return new Brought(engine.state(), contents, cold, replayed, loaded);
        }
    }

    /** Segments that no manifest names yet hold what was agreed on, so they come before what the survivor has. */
    private void goOn(StorageEngine engine, String parent, SurvivingLog survivor) {
        LateShipment late = new LateShipment(
                ShipperOptions.defaults(), parent, store, pace, engine::state, new MetricRegistry(), Halt.THROW);
        Consumer<LogEntry> apply = entry -> {
            if (entry.lsn() == engine.state().applied() + 1) {
                engine.apply(entry);
                late.applied(entry);
            }
        };
        for (SegmentName segment : unnamed(parent, engine.state().applied())) {
            reader.segment(segment).forEach(apply);
        }
        State reached = engine.state();
        survivor.forEachAfter(reached.applied(), reached.term(), apply);
        late.end();
    }

    /** Segments that go on from {@code lsn} without a gap. */
    private List<SegmentName> unnamed(String history, long lsn) {
        List<SegmentName> unnamed = new ArrayList<>();
        for (ObjectInfo object : store.each(SegmentName.folder(history), null)) {
            SegmentName.parse(object.key())
                    .filter(segment -> segment.last() > lsn)
                    .ifPresent(unnamed::add);
        }
        unnamed.sort(Comparator.comparingLong(SegmentName::first).thenComparingLong(SegmentName::last));
        return unnamed;
    }

    /**
     * The record is there; the first manifest follows.
     *
     * @param floor of the parent when the record was there: it may rise since, and what lies between is kept for the child
     */
    private RestoreReport begin(HistoryRecord child, Brought brought, long floor) {
        State state = brought.state();
        String parent = child.parent();
        Position position =
                new Position(state.redoChain(), state.terms(), state.configurationLsn(), state.configuration());
        Manifest first = new Manifest(
                child.history(),
                state.applied(),
                0,
                position,
                null,
                checkpoint(parent, brought),
                floor,
                pace.wallMillis());
        put(first.key(), first.encode());
        return new RestoreReport(
                state.applied(),
                state.term(),
                state.redoChain(),
                brought.contents(),
                brought.coldPages(),
                brought.replayed().segments(),
                brought.replayed().entries(),
                brought.replayed().bytes(),
                child.history(),
                parent,
                state.applied() - brought.replayed().lsn());
    }

    /** The log may have heard of the checkpoint that this began with only after the fork: the child's log will hear of it. */
    private Checkpoint checkpoint(String parent, Brought brought) {
        Checkpoint known = brought.state().checkpoint();
        if (brought.loaded() <= known.lsn()) {
            return known;
        }
        return reader.locate(parent, brought.loaded())
                .map(HistoryReader.Located::checkpoint)
                .filter(found -> found.lsn() == brought.loaded() && found.base() == known.lsn())
                .orElse(known);
    }

    private HistoryRecord record(String id, String parent, long fork) {
        return new HistoryRecord(id, parent, fork, id, pace.wallMillis());
    }

    private void put(String key, byte[] bytes) {
        switch (store.putIfAbsent(key, bytes)) {
            case CREATED, ALREADY_OURS -> {
                // it is there
            }
            case FENCED ->
                throw new TidemarkException(
                        ErrorKind.CONFLICT, "object " + key + " of the new history exists already; restore again");
            case UNKNOWN ->
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        "S3 gave no clear answer to the put of " + key + "; restore again when it does");
        }
    }
}
