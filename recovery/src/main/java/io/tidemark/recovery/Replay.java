package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.HistoryReader.Piece;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Applies what a history holds and an engine has not, up to an LSN. Every segment's end is a checkpoint of truth: the
 * engine's redo chain and term history must be those of the footer, else {@code CORRUPT}: this engine's pages differ
 * from those of the leader that shipped, and must be rebuilt.
 *
 * <p>An error leaves the engine at a complete entry; the next call goes on from there. {@code UNAVAILABLE} means that S3
 * is away and the caller may try again (rule L7).
 */
public final class Replay {
    private static final int LOOKS_MAX = 3;

    private final HistoryReader reader;
    private final Consumer<Progress> progress;

    /** @param progress told after each segment, on the calling thread */
    public Replay(HistoryReader reader, Consumer<Progress> progress) {
        this.reader = reader;
        this.progress = progress;
    }

    /** Says nothing on the way. */
    public Replay(HistoryReader reader) {
        this(reader, p -> {});
    }

    /**
     * What a replay did.
     *
     * @param mark S3 has every entry up to here, by the newest manifest; -1 when the history has none
     * @param lsn the engine's applied LSN now
     */
    public record Result(long mark, long lsn, long segments, long entries, long bytes) {}

    /** Brings the engine to the newest manifest's mark, or leaves it where it is when it is there or past it. */
    public Result toNewest(StorageEngine engine, String history) {
        Optional<Manifest> newest =
                reader.newestManifestFrom(history, engine.state().shipped());
        long applied = engine.state().applied();
        if (newest.isEmpty() || newest.get().mark() <= applied) {
            Comparison comparison = new Comparison();
            newest.filter(m -> m.mark() == applied)
                    .ifPresent(m -> comparison.compare(engine.state(), m.position(), "manifest " + m.key()));
            comparison.decide(applied);
            return new Result(newest.map(Manifest::mark).orElse(-1L), applied, 0, 0, 0);
        }
        return run(engine, newest.get(), newest.get().mark());
    }

    /**
     * Brings the engine to exactly this LSN.
     *
     * @throws TidemarkException {@code INVALID} when the engine is past it, or S3 has not come so far; {@code NOT_FOUND}
     *     when that state was given up
     */
    public Result to(StorageEngine engine, String history, long target) {
        Manifest newest = reader.newestManifest(history)
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.NOT_FOUND, "history " + history + " has no manifest: nothing was shipped yet"));
        if (target > newest.mark()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "history " + history + " reaches LSN " + newest.mark() + " in S3, not " + target);
        }
        newest.requireKept(target, "the state at LSN " + target);
        if (engine.state().applied() > target) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the engine is at LSN " + engine.state().applied() + " and cannot go back to " + target);
        }
        return run(engine, newest, target);
    }

    private Result run(StorageEngine engine, Manifest newest, long target) {
        long before = engine.state().applied();
        Comparison comparison = new Comparison();
        Run run = new Run(engine, newest, target, comparison);
        for (int look = 1; engine.state().applied() < target; look++) {
            try {
                run.look();
            } catch (TidemarkException e) {
                // a segment that nothing named went while it was read (rule X3): others hold the same entries
                if (e.kind() != ErrorKind.RETRY || look == LOOKS_MAX) {
                    throw e;
                }
            }
        }
        State after = engine.state();
        if (after.applied() != target) {
            throw new TidemarkException(ErrorKind.CORRUPT, "replay to LSN " + target + " ended at " + after.applied());
        }
        if (target == newest.mark()) {
            comparison.compare(after, newest.position(), "manifest " + newest.key());
        }
        comparison.decide(newest.mark());
        return new Result(newest.mark(), after.applied(), run.segments, after.applied() - before, run.bytes);
    }

    /** One replay, over as many looks at the store as it takes. */
    private final class Run {
        private final StorageEngine engine;
        private final Manifest newest;
        private final long target;
        private final Comparison comparison;
        private final long before;
        private int segments;
        private long bytes;

        Run(StorageEngine engine, Manifest newest, long target, Comparison comparison) {
            this.engine = engine;
            this.newest = newest;
            this.target = target;
            this.comparison = comparison;
            this.before = engine.state().applied();
        }

        void look() {
            long applied = engine.state().applied();
            List<Piece> pieces = covering(applied);
            int all = segments + pieces.size();
            try (SegmentFetch fetch = new SegmentFetch(reader, pieces);
                    EntriesAhead ahead = new EntriesAhead(engine)) {
                for (Piece piece : pieces) {
                    apply(piece, fetch.next(), ahead);
                    bytes += piece.bytes();
                    segments++;
                    long lsn = engine.state().applied();
                    progress.accept(new Progress(lsn, target, segments, all, lsn - before, bytes));
                }
            }
        }

        private void apply(Piece piece, SegmentReader segment, EntriesAhead ahead) {
            segment.forEach(entry -> {
                if (entry.lsn() >= piece.from() && entry.lsn() <= piece.to()) {
                    ahead.apply(entry);
                }
            });
            ahead.finish();
            if (engine.state().applied() == piece.segment().last()) {
                comparison.compare(engine.state(), segment.footer().position(), "segment " + piece.segment());
            }
        }

        private List<Piece> covering(long applied) {
            try {
                return reader.covering(newest.history(), applied, target);
            } catch (TidemarkException e) {
                if (e.kind() == ErrorKind.NOT_FOUND) {
                    newest.requireKept(applied, "what follows LSN " + applied);
                }
                throw e;
            }
        }
    }
}
