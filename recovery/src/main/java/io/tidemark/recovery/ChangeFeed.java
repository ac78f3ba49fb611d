package io.tidemark.recovery;

import io.tidemark.engine.Change;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Every change of a history from an LSN on, once, in order, without a gap: what is old from the segments in S3, what is
 * new from the log of a living node. Both are entries of one log, so the seam between them is a number.
 *
 * <p>What an entry changed depends on the state before it (a condition, a commit). So the feed applies the entries to a
 * scratch store of its own, which begins with the newest checkpoint before the first change that is told, and tells what
 * that did: the nodes do nothing for a reader but hand out entries. Used by one thread.
 */
public final class ChangeFeed implements AutoCloseable {

    /** A node's log, above what it has let go of. */
    public interface Tail {
        /**
         * Agreed entries from this LSN on, in order, as many as the node likes; empty when there are none yet.
         *
         * @throws TidemarkException {@code NOT_FOUND} when the log begins later: S3 has what is missing
         * @throws OtherHistoryException when the log is of another history: its entries go on by number alone
         */
        List<LogEntry> from(long lsn);
    }

    private final HistoryReader reader;
    private final String history;
    private final StorageEngine engine;

    /**
     * Begins at the newest checkpoint before {@code from}, or before the first entry where there is none.
     *
     * @param scratch where an empty store is made; this closes it, and leaves its files to the caller
     * @param from changes of earlier entries are not told; 0 for the first that is kept
     * @param changes told each change once; what it throws ends the feed
     * @throws TidemarkException {@code NOT_FOUND} when changes from there on were given up
     */
    public ChangeFeed(HistoryReader reader, String history, NewStore scratch, long from, Consumer<Change> changes) {
        this.reader = reader;
        this.history = history;
        long before = before(from);
        long loaded = before < 0 ? -1 : new CheckpointLoad(reader).into(scratch, history, before);
        this.engine = scratch.open();
        if (engine.state().applied() != loaded) {
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

    /** The state that the first change goes on from; -1 for none. */
    private long before(long from) {
        Optional<Manifest> newest = reader.newestManifest(history);
        long floor = newest.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
        if (from <= 0) {
            return floor;
        }
        newest.ifPresent(manifest -> manifest.requireKept(from - 1, "what changed from LSN " + from + " on"));
        return newest.isEmpty() ? -1 : Math.min(from - 1, newest.get().mark());
    }

    /** Id of the history that is followed. */
    public String history() {
        return history;
    }

    /** All entries up to here have been told, or are not wanted. */
    public long position() {
        return engine.state().applied();
    }

    /**
     * Tells what is new: from the node's log, or, as long as that begins later, from S3.
     *
     * @return whether there was anything
     * @throws TidemarkException {@code CONFLICT} when the nodes go on in another history, with the LSN to begin anew from
     */
    public boolean step(Tail tail, Consumer<Progress> progress) {
        long before = position();
        List<LogEntry> entries;
        try {
            entries = tail.from(before + 1);
        } catch (OtherHistoryException e) {
            throw new TidemarkException(ErrorKind.CONFLICT, ended(e.history()), e);
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

    private String ended(String other) {
        Optional<Long> shared = reader.histories().contains(other) ? shared(reader.lineage(other)) : Optional.empty();
        return shared.map(last -> "history " + history + " has ended: the nodes go on in history " + other
                        + ", which shares it up to LSN " + last
                        + "; what was told of later entries holds no more, watch"
                        + " again from LSN " + (Math.min(last, position()) + 1))
                .orElseGet(() -> "the nodes have history " + other + ", which does not go on from " + history
                        + ": another cluster answers there");
    }

    /** The last LSN that a line has of the history that is followed; empty when that is not among it. */
    private Optional<Long> shared(List<HistoryRecord> line) {
        for (int i = 0; i < line.size(); i++) {
            if (line.get(i).history().equals(history)) {
                return Optional.of(HistoryReader.seenThrough(line, i));
            }
        }
        return Optional.empty();
    }

    /** Tells what S3 has beyond the present position, up to the newest manifest's mark. */
    public void replay(Consumer<Progress> progress) {
        Optional<Manifest> newest = reader.newestManifest(history);
        if (newest.isPresent() && newest.get().mark() > position()) {
            new Replay(reader, progress).to(engine, history, newest.get().mark());
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
