package io.tidemark.recovery;

import io.tidemark.engine.Change;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.HistoryReader.Piece;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Every change of a history from an LSN on, once, in order, without a gap: what is old from the segments in S3, what is
 * new from the log of a living node. Both are entries of one log, so the seam between them is a number.
 *
 * <p>What an entry changed depends on the state before it (a condition, a commit). So the feed applies the entries to a
 * scratch store of its own, from the first of the history on, and tells what that did: the nodes do nothing for a reader
 * but hand out entries. Used by one thread.
 */
public final class ChangeFeed implements AutoCloseable {

    /** A node's log, above what it has let go of. */
    public interface Tail {
        /**
         * Agreed entries from this LSN on, in order, as many as the node likes; empty when there are none yet.
         *
         * @throws TidemarkException {@code NOT_FOUND} when the log begins later: S3 has what is missing
         */
        List<LogEntry> from(long lsn);
    }

    private final HistoryReader reader;
    private final String history;
    private final StorageEngine engine;

    /**
     * Begins before the first entry.
     *
     * @param scratch opens an empty store; this closes it, and leaves its files to the caller
     * @param from changes of earlier entries are not told
     * @param changes told each change once; what it throws ends the feed
     */
    public ChangeFeed(
            HistoryReader reader,
            String history,
            Supplier<StorageEngine> scratch,
            long from,
            Consumer<Change> changes) {
        this.reader = reader;
        this.history = history;
        this.engine = scratch.get();
        if (engine.state().applied() >= 0) {
            long applied = engine.state().applied();
            engine.close();
            throw new TidemarkException(
                    ErrorKind.INVALID, "the scratch directory holds a store at LSN " + applied + "; give an empty one");
        }
        engine.listen(change -> {
            if (change.at().lsn() >= from) {
                changes.accept(change);
            }
        });
    }

    /** All entries up to here have been told. */
    public long position() {
        return engine.state().applied();
    }

    /**
     * Tells what is new: from the node's log, or, as long as that begins later, from S3.
     *
     * @return whether there was anything
     */
    public boolean step(Tail tail, Consumer<Progress> progress) {
        long before = position();
        List<LogEntry> entries;
        try {
            entries = tail.from(before + 1);
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            replay(progress);
            return position() > before;
        }
        entries.forEach(engine::apply);
        return position() > before;
    }

    /** Tells what S3 has beyond the present position, up to the newest manifest's mark. */
    public void replay(Consumer<Progress> progress) {
        Optional<Manifest> newest = reader.newestManifest(history);
        long before = position();
        if (newest.isEmpty() || newest.get().mark() <= before) {
            return;
        }
        long target = newest.get().mark();
        if (before < newest.get().floor()) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    "history " + history + " is kept above LSN " + newest.get().floor() + " only; changes from "
                            + (before + 1) + " on are gone");
        }
        List<Piece> pieces = reader.covering(history, before, target);
        Comparison comparison = new Comparison();
        long bytes = 0;
        try (SegmentFetch fetch = new SegmentFetch(reader, pieces)) {
            for (int i = 0; i < pieces.size(); i++) {
                apply(pieces.get(i), fetch.next(), comparison);
                bytes += pieces.get(i).bytes();
                progress.accept(new Progress(position(), target, i + 1L, pieces.size(), position() - before, bytes));
            }
        }
        comparison.decide(target);
    }

    private void apply(Piece piece, SegmentReader segment, Comparison comparison) {
        segment.forEach(entry -> {
            if (entry.lsn() >= piece.from() && entry.lsn() <= piece.to()) {
                engine.apply(entry);
            }
        });
        if (position() == piece.segment().last()) {
            comparison.compare(engine.state(), segment.footer().position(), "segment " + piece.segment());
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
