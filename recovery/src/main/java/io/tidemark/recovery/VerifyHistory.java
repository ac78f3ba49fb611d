package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads every object of a history and of its ancestors, checks each and all together, and replays them into a scratch
 * engine. A bad object is named in the report, never thrown; only a store that does not answer ({@code UNAVAILABLE}) or
 * a history that does not exist ends it.
 */
public final class VerifyHistory {
    private final HistoryReader reader;
    private final Consumer<Progress> progress;

    /** @param progress told after each replayed segment */
    public VerifyHistory(ObjectStore store, Consumer<Progress> progress) {
        this.reader = new HistoryReader(store);
        this.progress = progress;
    }

    /** Checks the objects alone. */
    public VerifyReport objects(String history) {
        return run(history, Optional.empty(), null);
    }

    /**
     * Checks the objects, then replays.
     *
     * @param lsn where the replay ends; empty for the newest mark
     * @param scratch where an empty store is made; this closes it. Begins at the floor, where there is one
     */
    public VerifyReport replaying(String history, Optional<Long> lsn, NewStore scratch) {
        return run(history, lsn, scratch);
    }

    private VerifyReport run(String history, Optional<Long> lsn, NewStore scratch) {
        List<String> problems = new ArrayList<>();
        Tally tally = new Tally();
        for (String id : line(history, problems)) {
            new HistoryCheck(reader, id, problems, tally).run();
        }
        Optional<Manifest> newest =
                attempt(problems, () -> reader.newestManifest(history)).flatMap(found -> found);
        long mark = newest.map(Manifest::mark).orElse(-1L);
        long floor = newest.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
        if (mark >= 0) {
            attempt(problems, () -> reader.covering(history, floor, mark));
        } else if (problems.isEmpty()) {
            problems.add("history " + history + " has no manifest: nothing of it was shipped yet");
        }
        VerifyReport.Replayed replayed = scratch == null || mark < 0
                ? null
                : attempt(problems, () -> replay(history, floor, lsn.orElse(mark), scratch, problems))
                        .orElse(null);
        return new VerifyReport(
                history,
                mark,
                problems,
                tally.objects,
                tally.bytes,
                tally.segments,
                tally.manifests,
                tally.checkpoints,
                tally.entries,
                replayed);
    }

    /** The history first, then its parent and so on, as far as the records can be read. */
    private List<String> line(String history, List<String> problems) {
        List<String> line = new ArrayList<>();
        Optional<String> next = Optional.of(history);
        while (next.isPresent() && !line.contains(next.get())) {
            String id = next.get();
            if (line.isEmpty() && reader.store().page(id + "/", null).objects().isEmpty()) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, "there is no history " + id + " here");
            }
            line.add(id);
            next = attempt(problems, () -> reader.history(id)).flatMap(HistoryRecord::parentIfAny);
        }
        next.ifPresent(id -> problems.add("history " + id + " is its own ancestor"));
        return line;
    }

    private VerifyReport.Replayed replay(
            String history, long floor, long lsn, NewStore scratch, List<String> problems) {
        if (floor >= 0) {
            new CheckpointLoad(reader).into(scratch, history, floor);
        }
        try (StorageEngine engine = scratch.open()) {
            Replay replay = new Replay(reader, progress);
            prove(engine, replay, history, lsn, problems);
            replay.to(engine, history, lsn);
            State state = engine.state();
            return new VerifyReport.Replayed(state.applied(), state.redoChain(), engine.contents());
        }
    }

    /** Stops on the way at the newest checkpoint, whose pages must be those that the entries give, or that were loaded. */
    private void prove(StorageEngine engine, Replay replay, String history, long lsn, List<String> problems) {
        Optional<PageDirectory> checkpoint =
                attempt(problems, () -> reader.checkpoint(history, lsn)).flatMap(found -> found);
        if (checkpoint.isPresent()) {
            replay.to(engine, history, checkpoint.get().root().lsn());
            attempt(problems, () -> CheckpointProof.differences(engine, checkpoint.get()))
                    .ifPresent(problems::addAll);
        }
    }

    /** Runs one look; what it finds wrong is noted once. A store that is away is not a finding. */
    static <T> Optional<T> attempt(List<String> problems, Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.FATAL) {
                throw e;
            }
            if (!problems.contains(e.getMessage())) {
                problems.add(e.getMessage());
            }
            return Optional.empty();
        }
    }

    /** Sums over all histories of the line. */
    static final class Tally {
        long objects;
        long bytes;
        long segments;
        long manifests;
        long checkpoints;
        long entries;
    }
}
