package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.page.PageHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Pages in one file of slots ({@link PageFileFormat}), found through a {@link PageTable}. A flush goes to free slots in
 * long runs, in order of page id; then one sync, one commit; only then are the slots before it free, and each not before
 * its last reader is done (rule P5). A crash at any point leaves the state of the last commit.
 *
 * <p>Pages may leave for {@link ColdPages} and come back, one by one; their rows stay. A store may begin with all of them
 * there ({@link OriginFile}).
 *
 * <p>A failed write, sync or commit halts: a full disk too, for nothing is left then that could be undone. (Writes of
 * clients are refused earlier, by free space.)
 */
public final class FilePageStore implements PageStore {
    private final Path path;
    private final int pageBytes;
    private final PageTable table;
    private final Halt halt;
    private final DiskFile file;
    private final SlotMap slots;
    private final FlushCheck check;
    private final FetchedPages fetched;
    private final Evictions evictions;

    /** Cold pages: rows that are EVICTED, and those that are about to be. */
    private final PageBits cold = new PageBits();

    /** Pages that somebody read, or wrote, since the hand passed them. */
    private final PageBits used = new PageBits();

    private final ReentrantReadWriteLock tableInUse = new ReentrantReadWriteLock();
    private final LongAdder localReads = new LongAdder();
    private final AtomicLong admitted = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();

    private volatile long highestPageLsn = -1;
    private volatile long highestPageId = -1;
    private volatile long pages;
    private volatile long coldPages;
    private volatile long fileBytes;
    private boolean closed;
    private boolean failed;

    /**
     * Opens the page file, making it when the table is empty.
     *
     * @param file of the pages; its directory exists
     * @param table its translation table; this store closes it, and keeps rows in memory in front of it ({@link
     *     CachedPageTable})
     * @param source of pages that have left
     * @throws TidemarkException CORRUPT when file and table do not belong together, INVALID when the file's page size
     *     is another
     */
    public FilePageStore(Disk disk, Path file, Options options, PageTable table, ColdPages source, Halt halt) {
        this.path = file;
        this.pageBytes = options.pageBytes;
        this.table = new CachedPageTable(table);
        this.halt = halt;
        this.slots = new SlotMap(options.growthPages);
        this.evictions = new Evictions(this, this.table, source, cold, used);
        this.check = new FlushCheck(pageBytes, halt);
        this.fetched = new FetchedPages(
                source,
                OriginFile.read(disk, OriginFile.beside(file)),
                (row, count) -> coldRows(LongStream.rangeClosed(row.pageId() + 1, row.pageId() + count)));
        long[] found = new long[1];
        table.forEach(row -> {
            adopt(row);
            found[0]++;
        });
        pages = found[0];
        try {
            this.file = disk.open(file);
            checkFile(disk);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "page file " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** A store whose pages do not leave. */
    public FilePageStore(Disk disk, Path file, Options options, PageTable table, Halt halt) {
        this(disk, file, options, table, ColdPages.NONE, halt);
    }

    /**
     * @param pageBytes size of a page and of a slot
     * @param growthPages slots by which the file's extent grows; default 1,024
     */
    public record Options(int pageBytes, int growthPages) {
        public Options {
            if (pageBytes < 1 << 10 || pageBytes > 1 << 16 || Integer.bitCount(pageBytes) != 1) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "a page has 1,024 to 65,536 bytes, a power of two, not " + pageBytes);
            }
            if (growthPages < 1) {
                throw new TidemarkException(ErrorKind.INVALID, "a file cannot grow by " + growthPages + " pages");
            }
        }

        public static Options of(int pageBytes) {
            return new Options(pageBytes, 1024);
        }
    }

    private void adopt(PageTable.Row row) {
        highestPageLsn = Math.max(highestPageLsn, row.pageLsn());
        highestPageId = Math.max(highestPageId, row.pageId());
        if (row.isEvicted()) {
            cold.set(row.pageId());
            coldPages = coldPages + 1;
            return;
        }
        if (row.slot() < 1 || row.slot() > Integer.MAX_VALUE - 1 || !slots.occupy((int) row.slot())) {
            throw corrupt(row, "its slot is out of range or another page's");
        }
        fileBytes = Math.max(fileBytes, (row.slot() + 1) * pageBytes);
    }

    private void checkFile(Disk disk) throws IOException {
        PageFileFormat.begin(disk, path, file, pageBytes, pages == 0);
        if (file.size() < fileBytes) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    path + " has " + file.size() + " bytes; the table knows pages up to " + fileBytes);
        }
        fileBytes = file.size();
    }

    @Override
    public CheckpointRecord checkpoint() {
        return table.checkpoint();
    }

    @Override
    public long highestPageLsn() {
        return highestPageLsn;
    }

    @Override
    public boolean contains(long pageId) {
        return table.row(pageId).isPresent();
    }

    @Override
    public long pageLsn(long pageId) {
        return table.row(pageId).map(PageTable.Row::pageLsn).orElse(-1L);
    }

    @Override
    public void changedSince(long lsn, LongConsumer ids) {
        table.forEach(row -> {
            if (row.pageLsn() > lsn) {
                ids.accept(row.pageId());
            }
        });
    }

    @Override
    public void read(long pageId, ByteBuffer target, boolean again) {
        PageTable.Row[] found = new PageTable.Row[1];
        long slot = slots.startRead(() -> {
            found[0] = row(pageId);
            return found[0].slot();
        });
        if (found[0].isEvicted()) {
            readFetched(found[0], target, again);
            return;
        }
        localReads.increment();
        int start = target.position();
        ByteBuffer page = target.duplicate().limit(start + pageBytes);
        try {
            int read = file.read(page, slot * pageBytes);
            if (read < pageBytes) {
                throw corrupt(found[0], "the file ends " + (pageBytes - read) + " bytes early");
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, describe(found[0]) + " cannot be read: " + e.getMessage(), e);
        } finally {
            slots.readDone((int) slot);
        }
        check(found[0], page.position(start));
        target.position(start + pageBytes);
        if (again) {
            used.set(pageId);
        }
    }

    private void readFetched(PageTable.Row row, ByteBuffer target, boolean again) {
        PageImage image = fetched.take(row);
        if (image == null) {
            throw new ColdPageException(row.pageId(), "it has to be fetched first", null);
        }
        target.put(image.bytes().duplicate());
        if (again) {
            used.set(row.pageId());
            evictions.wanted(image);
        }
    }

    private PageTable.Row row(long pageId) {
        return table.row(pageId)
                .orElseThrow(() -> new TidemarkException(ErrorKind.NOT_FOUND, "page " + pageId + " is not in " + path));
    }

    @Override
    public boolean isCold(long pageId) {
        return cold.get(pageId);
    }

    @Override
    public long coldPages() {
        return coldPages;
    }

    @Override
    public boolean awaitsCold() {
        return fetched.isSourceAwaited();
    }

    @Override
    public void coldPagesAt(Checkpoint newest) {
        fetched.newest(newest);
    }

    @Override
    public void fetch(long pageId, BooleanSupplier wanted) {
        List<PageTable.Row> cold = coldRows(LongStream.of(pageId));
        if (!cold.isEmpty()) {
            fetched.fetch(cold.get(0), wanted);
        }
    }

    @Override
    public void fetchAll(List<Long> pageIds) {
        fetched.fetchAll(coldRows(pageIds.stream().mapToLong(id -> id)));
    }

    @Override
    public boolean beganCold() {
        return fetched.hasOrigin();
    }

    @Override
    public void bring(List<Long> pageIds) {
        List<PageTable.Row> rows = coldRows(pageIds.stream().mapToLong(id -> id));
        if (!rows.isEmpty()) {
            admit(fetched.bring(rows));
        }
    }

    /** Whoever fetches may come after the close: a table that is closed must not be looked at. */
    private List<PageTable.Row> coldRows(LongStream pageIds) {
        tableInUse.readLock().lock();
        try {
            requireOpen();
            return pageIds.filter(cold::get)
                    .mapToObj(this::row)
                    .filter(PageTable.Row::isEvicted)
                    .toList();
        } finally {
            tableInUse.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "page file " + path + " is closed");
        }
    }

    private void check(PageTable.Row row, ByteBuffer page) {
        String wrong = PageImage.difference(row.pageId(), row.pageLsn(), row.crc(), page);
        if (wrong != null) {
            throw corrupt(row, wrong);
        }
    }

    @Override
    public synchronized void flush(Collection<PageImage> images, CheckpointRecord checkpoint) {
        List<PageImage> sorted = PageImage.inOrder(images);
        check.images(sorted, checkpoint);
        write(sorted, checkpoint);
        sorted.forEach(image -> used.set(image.pageId()));
    }

    /**
     * Begins a store with pages that are all elsewhere, durably; their images can be had from {@link ColdPages} from then on.
     *
     * @param rows EVICTED, of pages that have none yet
     */
    public synchronized void begin(List<PageTable.Row> rows, CheckpointRecord checkpoint) {
        check.beginning(rows, row -> table.row(row.pageId()).isPresent(), checkpoint);
        begin();
        table.commit(rows, checkpoint);
        rows.forEach(row -> cold.set(row.pageId()));
        committed(rows, List.of());
        failed = false;
    }

    @Override
    public synchronized void admit(Collection<PageImage> images) {
        requireOpen();
        List<PageImage> wanted = new ArrayList<>(images.size());
        for (PageImage image : images) {
            PageTable.Row row = row(image.pageId());
            if (!row.isEvicted()) {
                cold.clear(image.pageId());
            } else if (row.pageLsn() == image.pageLsn() && row.crc() == image.crc()) {
                wanted.add(image);
            } else if (row.pageLsn() <= image.pageLsn()) {
                throw halt.halt(row + " would come back as " + image, null);
            } // else it came back, was changed and left again while this image waited
        }
        if (!wanted.isEmpty()) {
            List<PageImage> sorted = PageImage.inOrder(wanted);
            check.images(sorted, table.checkpoint());
            write(sorted, table.checkpoint());
            admitted.addAndGet(sorted.size());
        }
    }

    private void begin() {
        if (failed) {
            throw halt.halt("page file " + path + " is flushed after a flush that failed", null);
        }
        failed = true;
    }

    /** The images to free slots, a sync, a commit: all of them or none. */
    private void write(List<PageImage> sorted, CheckpointRecord checkpoint) {
        int[] taken = slots.allocate(sorted.size());
        List<PageTable.Row> rows = new ArrayList<>(sorted.size());
        List<PageTable.Row> replaced = new ArrayList<>(sorted.size());
        for (int i = 0; i < taken.length; i++) {
            PageImage image = sorted.get(i);
            rows.add(new PageTable.Row(image.pageId(), taken[i], image.pageLsn(), image.crc()));
            table.row(image.pageId()).ifPresent(replaced::add);
        }
        check.forward(rows, replaced);
        begin();
        try {
            write(sorted, taken);
            if (taken.length > 0) {
                file.sync();
            }
        } catch (IOException e) {
            throw halt.halt(
                    "page file " + path + ": a flush of " + taken.length + " pages failed: " + e.getMessage()
                            + "; the next start goes on from the flush before",
                    e);
        }
        table.commit(rows, checkpoint);
        committed(rows, replaced);
        failed = false;
    }

    @Override
    public Optional<EvictablePages> evictable() {
        return fetched.hasSource() ? Optional.of(evictions) : Optional.empty();
    }

    /** See {@link EvictablePages#evict}. */
    synchronized int evict(List<PageTable.Row> leaving) {
        List<PageTable.Row> rows = new ArrayList<>(leaving.size());
        List<PageTable.Row> replaced = new ArrayList<>(leaving.size());
        for (PageTable.Row row : leaving) {
            PageTable.Row now = row(row.pageId());
            if (!now.equals(row)) {
                if (!now.isEvicted()) {
                    cold.clear(row.pageId());
                }
            } else if (cold.get(row.pageId())) { // else an entry changes it, and has asked for its row to stay
                rows.add(new PageTable.Row(row.pageId(), PageTable.Row.EVICTED, row.pageLsn(), row.crc()));
                replaced.add(row);
            }
        }
        if (rows.isEmpty()) {
            return 0;
        }
        begin();
        table.commit(rows, table.checkpoint());
        committed(rows, replaced);
        failed = false;
        evicted.addAndGet(rows.size());
        return rows.size();
    }

    @Override
    public ColdCounts coldCounts() {
        return new ColdCounts(localReads.sum(), fetched.faults(), fetched.fetched(), admitted.get(), evicted.get());
    }

    /**
     * Writes each page by itself. A longer write would make large folios of the page cache, and Linux then goes through
     * all blocks of a folio whenever one of them is written again or synced.
     */
    private void write(List<PageImage> images, int[] taken) throws IOException {
        for (int i = 0; i < taken.length; i++) {
            file.write(images.get(i).bytes().duplicate(), (long) taken[i] * pageBytes);
        }
    }

    private void committed(List<PageTable.Row> rows, List<PageTable.Row> replaced) {
        for (PageTable.Row row : replaced) {
            if (row.isEvicted()) {
                coldPages = coldPages - 1;
            } else {
                slots.release((int) row.slot());
            }
        }
        for (PageTable.Row row : rows) {
            highestPageLsn = Math.max(highestPageLsn, row.pageLsn());
            highestPageId = Math.max(highestPageId, row.pageId());
            if (row.isEvicted()) {
                coldPages = coldPages + 1;
            } else {
                cold.clear(row.pageId());
                fileBytes = Math.max(fileBytes, (row.slot() + 1) * pageBytes);
            }
        }
        pages = pages + rows.size() - replaced.size();
    }

    /** The header of the page in the row's slot, not checked. */
    ByteBuffer header(PageTable.Row row) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(PageHeader.BYTES);
        file.read(header, row.slot() * pageBytes);
        return header.position(0);
    }

    int pageBytes() {
        return pageBytes;
    }

    long highestPageId() {
        return highestPageId;
    }

    @Override
    public long pages() {
        return pages;
    }

    @Override
    public long localPages() {
        return pages - coldPages;
    }

    @Override
    public int slotsInUse() {
        return slots.inUse();
    }

    @Override
    public long fileBytes() {
        return fileBytes;
    }

    /** Waits for whoever gives slots to images: a table that is closed must not be written. */
    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw halt.halt("page file " + path + " does not close", e);
        } finally {
            tableInUse.writeLock().lock();
            closed = true;
            table.close();
            tableInUse.writeLock().unlock();
        }
    }

    private String describe(PageTable.Row row) {
        return "page " + row.pageId() + " in " + path + " at offset " + row.slot() * pageBytes;
    }

    private TidemarkException corrupt(PageTable.Row row, String what) {
        return new TidemarkException(ErrorKind.CORRUPT, describe(row) + " is damaged: " + what);
    }
}
