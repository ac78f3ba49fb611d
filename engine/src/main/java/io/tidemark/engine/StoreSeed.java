package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.LmdbPageTable;
import io.tidemark.engine.store.PageImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.Set;

/**
 * Makes a store from the pages of one LSN, in a directory beside its own, which takes the store's name when all pages are
 * there and durable: so a store is never half made, whatever happens. An engine that opens it afterwards is at that LSN.
 * One thread.
 *
 * <pre>
 *   DIRECTORY.seed/   as {@link EngineFiles}, until {@link #finish}; emptied by the next beginning
 * </pre>
 */
public final class StoreSeed implements AutoCloseable {
    /** Directories of a store. */
    private static final Set<String> FOLDERS = Set.of("table", "wal");

    private final Disk disk;
    private final Path directory;
    private final Path making;
    private final CheckpointRecord record;
    private final State state;
    private final FilePageStore store;
    private final BitSet pages = new BitSet();
    private boolean isOpen = true;

    /**
     * Where the store will be.
     *
     * @param lsn of the last entry in it
     * @param term of that entry
     * @param redoChain after it
     * @param pageIds ids ever given out: each below must be added
     */
    public record State(long lsn, long term, long redoChain, int pageBytes, long pageIds) {}

    /**
     * Begins.
     *
     * @param directory of the store to be; must not exist, or be empty
     */
    public static StoreSeed begin(Disk disk, Path directory, State state, Halt halt) {
        Path making = emptied(disk, directory);
        EngineFiles files = new EngineFiles(making);
        LmdbPageTable table = new LmdbPageTable(disk, files.table(), LmdbPageTable.MAP_BYTES, halt);
        FilePageStore store;
        try {
            store = new FilePageStore(disk, files.pages(), FilePageStore.Options.of(state.pageBytes()), table, halt);
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
        return new StoreSeed(disk, directory, making, state, store);
    }

    /** The directory in which a store is made that is to have this name; empty. */
    static Path emptied(Disk disk, Path directory) {
        Path making = directory.resolveSibling(directory.getFileName() + ".seed");
        EngineFiles files = new EngineFiles(making);
        try {
            if (!disk.list(directory).isEmpty()) {
                throw new TidemarkException(
                        ErrorKind.INVALID, directory + " is not empty: a store is seeded where there is none");
            }
            for (Path old : new Path[] {files.table(), files.wal(), making}) {
                for (String name : disk.list(old)) {
                    boolean isDirectory = old.equals(making) && FOLDERS.contains(name);
                    if (!isDirectory) {
                        disk.delete(old.resolve(name));
                    }
                }
            }
            disk.createDirectories(making);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "a store cannot be begun in " + making + ": " + e.getMessage(), e);
        }
        return making;
    }

    /** Gives a store that is made its name, durably. */
    static void named(Disk disk, Path making, Path directory) {
        try {
            disk.rename(making, directory);
            disk.syncDirectory(directory.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "the store in " + making + " cannot take its place: " + e.getMessage(), e);
        }
    }

    private StoreSeed(Disk disk, Path directory, Path making, State state, FilePageStore store) {
        this.disk = disk;
        this.directory = directory;
        this.making = making;
        this.record = new CheckpointRecord(state.lsn() + 1, state.lsn(), state.term(), state.redoChain());
        this.state = state;
        this.store = store;
    }

    /** Adds pages, each once, in any order; their CRC is set. They are durable when this returns. */
    public void add(Collection<PageImage> images) {
        for (PageImage image : images) {
            if (image.pageId() < 0 || image.pageId() >= state.pageIds() || pages.get((int) image.pageId())) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT,
                        "page " + image.pageId() + " of " + state.pageIds() + " does not belong, or twice");
            }
            pages.set((int) image.pageId());
            if (image.pageId() == MetaPage.PAGE_ID) {
                requireMeta(image.bytes(), state);
            }
        }
        store.flush(images, record);
    }

    /** Page 0 says itself how many pages there are. */
    static void requireMeta(ByteBuffer page, State state) {
        if (MetaPage.nextId(page.slice()) != state.pageIds() || PageHeader.lsn(page) > state.lsn()) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "page 0 of LSN " + PageHeader.lsn(page) + " knows " + MetaPage.nextId(page.slice())
                            + " page ids, the checkpoint of LSN " + state.lsn() + " has " + state.pageIds());
        }
    }

    /** Gives the store its name; every page must be there. */
    public void finish() {
        if (pages.cardinality() != state.pageIds()) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "page " + pages.nextClearBit(0) + " of " + state.pageIds() + " is missing in the checkpoint of LSN "
                            + record.applied());
        }
        isOpen = false;
        store.close();
        named(disk, making, directory);
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
