package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The committed state of a history at one LSN, read only, brought back from the bucket alone into a scratch store. What
 * transactions that were open at that LSN had written is not seen (rule H2). Nothing is written to S3. Any number of
 * threads may read.
 *
 * <p>Over a scratch store that can fetch pages, it is open once the directory of the newest checkpoint before that LSN is read
 * and the segments between are applied; a page comes when somebody wants it (rule CT5). A read is then {@code UNAVAILABLE} while
 * S3 is away, {@code CORRUPT} when what S3 has is not the page, and when the state is given up and its pages removed. Over any
 * other store all pages come first.
 *
 * <pre>{@code
 * HistoryReader reader = new HistoryReader(store);
 * ColdPages pages = new ScratchPages(new PackedPages(store, System::nanoTime));
 * NewStore scratch = new StoreDirectory(directory, path -> openEngine(path, pages), pages);
 * try (View view = View.open(reader, history, 1_000, scratch, progress -> {})) {
 *     view.get("default", key);
 * }
 * }</pre>
 */
public final class View implements AutoCloseable {
    private final String history;
    private final StorageEngine engine;

    private View(String history, StorageEngine engine) {
        this.history = history;
        this.engine = engine;
    }

    /**
     * Brings the state back.
     *
     * @param history see {@link Histories#choose}
     * @param lsn within what S3 has, else {@code INVALID}; {@code NOT_FOUND} when that state was given up
     * @param scratch where an empty store is made; this closes it, and leaves its files to the caller
     * @param progress told after each segment
     */
    public static View open(
            HistoryReader reader, String history, long lsn, NewStore scratch, Consumer<Progress> progress) {
        reader.newestManifestKeeping(history, lsn, "the state at LSN " + lsn);
        long loaded = new CheckpointLoad(reader).into(scratch, history, lsn);
        StorageEngine engine = scratch.open();
        try {
            if (engine.state().applied() != loaded) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        "the scratch directory holds a store at LSN "
                                + engine.state().applied() + "; give an empty one");
            }
            new Replay(reader, progress).to(engine, history, lsn);
            return new View(history, engine);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** The history that it is of. */
    public String history() {
        return history;
    }

    /** LSN, term, chain and the rest of that state. */
    public State state() {
        return engine.state();
    }

    /** All keyspaces that it has. */
    public List<String> keyspaces() {
        return engine.keyspaces();
    }

    /** The value of a key then. */
    public Optional<Row> get(String keyspace, byte[] key) {
        return engine.get(keyspace, key);
    }

    /** As {@link StorageEngine#scan}. */
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return engine.scan(keyspace, from, to, limitRows, limitBytes);
    }

    /** Digest of all keyspaces. */
    public ContentsDigest contents() {
        return engine.contents();
    }

    @Override
    public void close() {
        engine.close();
    }
}
