package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.btree.StructureCheck;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DirectoryLock;
import io.tidemark.engine.io.OverlayDisk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.LmdbPageTable;
import io.tidemark.engine.store.PageFileListing;
import io.tidemark.engine.store.PageTable;
import io.tidemark.engine.wal.FileWriteAheadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks the store of a stopped engine as a whole and changes none of its files: the log behind the checkpoint is redone in
 * memory, over the files as they are, and of the page table a copy is opened, because LMDB writes even to read. Memory: the
 * pool, and pages that redo leaves no room for in the pool, up to a bound; past that the check gives up and says so.
 */
public final class StoreCheck {
    private static final long POOL_BYTES_MIN = 64 << 20;
    private static final long REDONE_BYTES_MAX = 128 << 20;

    /** LMDB's lock file; whoever has the store open holds a lock on its first byte. */
    private static final String LOCK = "lock.mdb";

    private static final String DATA = "data.mdb";

    /**
     * @param lsn that the log ends at
     * @param checkpoint LSN of the checkpoint that redo went on from
     * @param pageBytes size of a page
     * @param storedPages pages with an image on disk, each read, its CRC the one of its row
     * @param coldPages pages that have left the disk, and are not looked at
     * @param freeSlots slots of the page file that no page has
     * @param structure what was found in trees, values and free list
     * @param problems all that is wrong, in words; empty for a store in order
     */
    public record Report(
            long lsn,
            long checkpoint,
            int pageBytes,
            long storedPages,
            long coldPages,
            long freeSlots,
            StructureCheck.Report structure,
            List<String> problems) {}

    private StoreCheck() {}

    /**
     * Checks the store in the directory.
     *
     * @param scratch a directory for the copy of the page table, which is left there
     * @throws TidemarkException NOT_FOUND when there is no store, UNAVAILABLE when another process has it open, CORRUPT
     *     when it is damaged so that it does not even open
     */
    public static Report run(Path directory, Path scratch) {
        EngineFiles files = new EngineFiles(directory.toAbsolutePath());
        Path data = files.table().resolve(DATA);
        if (!Files.exists(data) || !Files.exists(files.pages())) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    directory + " is no store: it has no pages.dat and table/; name a node's engine");
        }
        // The table's lock does not tell within one process; that of the directory does, where a store of its own was.
        try (DirectoryLock store = DirectoryLock.takeExisting(files.directory());
                FileChannel lock = lock(files.table().resolve(LOCK), directory);
                OverlayDisk disk = new OverlayDisk(new RealDisk(), REDONE_BYTES_MAX)) {
            Path table = Files.createDirectories(scratch.resolve("table"));
            Files.copy(data, table.resolve(DATA));
            return check(files, disk, table);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, directory + " cannot be checked: " + e, e);
        }
    }

    /** Keeps others from opening the store, or refuses when one has; null where nobody ever had, as in a copy. */
    private static FileChannel lock(Path file, Path directory) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock(0, 1, false);
        } catch (OverlappingFileLockException e) {
            lock = null; // by this very process
        }
        if (lock == null) {
            channel.close();
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "another process has the store " + directory + " open; stop it first");
        }
        return channel;
    }

    private static Report check(EngineFiles files, OverlayDisk disk, Path tableCopy) {
        int pageBytes = PageFileListing.pageBytes(disk, files.pages());
        PageTable table = new LmdbPageTable(new RealDisk(), tableCopy, LmdbPageTable.MAP_BYTES, Halt.THROW);
        FilePageStore store;
        try {
            store = new FilePageStore(disk, files.pages(), FilePageStore.Options.of(pageBytes), table, Halt.THROW);
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
        EngineOptions options = options(store, pageBytes);
        FileWriteAheadLog wal = new FileWriteAheadLog(disk, files.wal(), options.walFileBytes(), Halt.THROW);
        long checkpoint = store.checkpoint().applied();
        Engine engine = Engine.open(new Engine.Parts(store, wal, new MetricRegistry(), Halt.THROW), options);
        try {
            StructureCheck.Report structure = engine.inspection().structure();
            Set<String> problems = new LinkedHashSet<>(engine.inspection().storedProblems());
            problems.addAll(structure.problems());
            long slots = store.fileBytes() / pageBytes - 1;
            return new Report(
                    engine.state().applied(),
                    checkpoint,
                    pageBytes,
                    store.localPages(),
                    store.coldPages(),
                    slots - store.slotsInUse(),
                    structure,
                    List.copyOf(problems));
        } finally {
            engine.abandon();
        }
    }

    /** Those of the store where they are constants of it; no threads. */
    private static EngineOptions options(FilePageStore store, int pageBytes) {
        int maxEntryPages = EngineOptions.defaults().maxEntryPages();
        if (store.contains(MetaPage.PAGE_ID)) {
            ByteBuffer meta = ByteBuffer.allocate(pageBytes);
            store.read(MetaPage.PAGE_ID, meta);
            maxEntryPages = MetaPage.maxEntryPages(meta);
        }
        return EngineOptions.builder()
                .pageBytes(pageBytes)
                .maxEntryPages(maxEntryPages)
                .poolBytes(Math.max(POOL_BYTES_MIN, 4L * maxEntryPages * pageBytes))
                .reserveBytes(0)
                .cleaner(false)
                .build();
    }
}
