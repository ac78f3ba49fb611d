package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.btree.TreePages;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.OriginFile;
import io.tidemark.engine.store.PageTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a store that knows of all pages of a checkpoint and has next to none of them (rule CT5): a row for each page, EVICTED,
 * and the few pages that an engine starts from. As {@link StoreSeed}, in a directory beside its own, which takes the store's
 * name at the end. An engine that opens it afterwards, with the same {@link ColdPages}, is at the checkpoint's LSN, asks nobody
 * to start, and fetches a page when somebody wants it. One thread.
 */
public final class ColdSeed implements AutoCloseable {
    private final Disk disk;
    private final Path directory;
    private final Path making;
    private final StoreSeed.State state;
    private final CheckpointRecord record;
    private final FilePageStore store;
    private final BitSet pages = new BitSet();
    private boolean isOpen = true;

    /**
     * Begins.
     *
     * @param directory of the store to be; must not exist, or be empty
     * @param state of the checkpoint
     * @param origin the checkpoint, as whoever has the pages wants it named
     * @param cold has the pages
     */
    public static ColdSeed begin(
            Disk disk, Path directory, StoreSeed.State state, Checkpoint origin, ColdPages cold, Halt halt) {
        return begin(disk, directory, state, origin, cold, files -> files.lmdb(disk, halt), halt);
    }

    /** As above, with any table. */
    public static ColdSeed begin(
            Disk disk,
            Path directory,
            StoreSeed.State state,
            Checkpoint origin,
            ColdPages cold,
            Function<EngineFiles, PageTable> tables,
            Halt halt) {
        if (origin.lsn() != state.lsn()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "a store at LSN " + state.lsn() + " does not begin with that of " + origin.lsn());
        }
        Path making = StoreSeed.emptied(disk, directory);
        EngineFiles files = new EngineFiles(making);
        try {
            OriginFile.write(disk, OriginFile.beside(files.pages()), origin);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "a store cannot be begun in " + making + ": " + e.getMessage(), e);
        }
        PageTable table = tables.apply(files);
        FilePageStore store;
        try {
            store = new FilePageStore(
                    disk, files.pages(), FilePageStore.Options.of(state.pageBytes()), table, cold, halt);
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
        return new ColdSeed(disk, directory, making, state, store);
    }

    private ColdSeed(Disk disk, Path directory, Path making, StoreSeed.State state, FilePageStore store) {
        this.disk = disk;
        this.directory = directory;
        this.making = making;
        this.state = state;
        this.record = new CheckpointRecord(state.lsn() + 1, state.lsn(), state.term(), state.redoChain());
        this.store = store;
    }

    /**
     * Adds rows, each once, in any order; they are durable when this returns.
     *
     * @param rows EVICTED
     */
    public void add(List<PageTable.Row> rows) {
        for (PageTable.Row row : rows) {
            boolean fits = row.pageId() >= 0 && row.pageId() < state.pageIds() && row.pageLsn() <= state.lsn();
            if (!fits || pages.get((int) row.pageId())) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT,
                        row + " does not belong to a checkpoint of " + state.pageIds() + " pages at LSN " + state.lsn()
                                + ", or is there twice");
            }
            pages.set((int) row.pageId());
        }
        store.begin(rows, record);
    }

    /** Fetches what an engine starts from and gives the store its name; every page must have a row. */
    public void finish() {
        if (pages.cardinality() != state.pageIds()) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "page " + pages.nextClearBit(0) + " of " + state.pageIds() + " is missing in the checkpoint of LSN "
                            + state.lsn());
        }
        TreePages.bringSystem(store, state.pageBytes());
        ByteBuffer meta = ByteBuffer.allocate(state.pageBytes());
        store.read(MetaPage.PAGE_ID, meta);
        StoreSeed.requireMeta(meta.flip(), state);
        isOpen = false;
        store.close();
        StoreSeed.named(disk, making, directory);
    }

    /** Gives up what is not finished; its files are left to the next beginning. */
    @Override
    public void close() {
        if (isOpen) {
            isOpen = false;
            store.close();
        }
    }
}
