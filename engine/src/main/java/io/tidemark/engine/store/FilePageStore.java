package io.tidemark.engine.store;

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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Pages in one file of slots ({@link PageFileFormat}), found through a {@link PageTable}. A flush goes to free slots in
 * long runs, in order of page id; then one sync, one commit; only then are the slots before it free, and each not before
 * its last reader is done (rule P5). A crash at any point leaves the state of the last commit.
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

    private volatile long highestPageLsn = -1;
    private volatile long pages;
    private volatile long fileBytes;
    private boolean failed;

    /**
     * Opens the page file, making it when the table is empty.
     *
     * @param file of the pages; its directory exists
     * @param table its translation table; this store closes it
     * @throws TidemarkException CORRUPT when file and table do not belong together, INVALID when the file's page size
     *     is another
     */
    public FilePageStore(Disk disk, Path file, Options options, PageTable table, Halt halt) {
        this.path = file;
        this.pageBytes = options.pageBytes;
        this.table = table;
        this.halt = halt;
        this.slots = new SlotMap(options.growthPages);
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
        if (row.slot() == PageTable.Row.EVICTED) {
            return;
        }
        if (row.slot() < 1 || row.slot() > Integer.MAX_VALUE - 1 || !slots.occupy((int) row.slot())) {
            throw corrupt(row, "its slot is out of range or another page's");
        }
        fileBytes = Math.max(fileBytes, (row.slot() + 1) * pageBytes);
    }

    private void checkFile(Disk disk) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(PageFileFormat.HEADER_BYTES);
        file.read(header, 0);
        int found = PageFileFormat.pageBytes(header.array());
        if (found == -1 && pages == 0) {
            file.write(PageFileFormat.header(pageBytes), 0);
            file.sync();
            disk.syncDirectory(path.getParent());
        } else if (found == -1) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    path + " at offset 0: no whole header of a page file, but the table has " + pages + " pages");
        } else if (found != pageBytes) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    path + " was made with pages of " + found + " bytes; open it with pageBytes=" + found + ", not "
                            + pageBytes);
        }
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
    public void changedSince(long lsn, LongConsumer ids) {
        table.forEach(row -> {
            if (row.pageLsn() > lsn) {
                ids.accept(row.pageId());
            }
        });
    }

    @Override
    public void read(long pageId, ByteBuffer target) {
        PageTable.Row[] found = new PageTable.Row[1];
        long slot = slots.startRead(() -> {
            found[0] = localRow(pageId);
            return found[0].slot();
        });
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
    }

    private PageTable.Row localRow(long pageId) {
        Optional<PageTable.Row> row = table.row(pageId);
        if (row.isEmpty()) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, "page " + pageId + " is not in " + path);
        }
        if (row.get().slot() == PageTable.Row.EVICTED) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "page " + pageId + " is not on the local disk");
        }
        return row.get();
    }

    private void check(PageTable.Row row, ByteBuffer page) {
        String wrong = difference(row.pageId(), row.pageLsn(), row.crc(), page);
        if (wrong != null) {
            throw corrupt(row, wrong);
        }
    }

    /** What is wrong with a page that should be this one, or null. */
    private static String difference(long pageId, long pageLsn, int crc, ByteBuffer page) {
        long id = PageHeader.id(page);
        long lsn = PageHeader.lsn(page);
        int stored = PageHeader.storedCrc(page);
        int actual = PageHeader.crc(page);
        if (id == pageId && lsn == pageLsn && stored == crc && actual == crc) {
            return null;
        }
        return String.format(
                "expected id %d, LSN %d, CRC %08x; found id %d, LSN %d, CRC %08x over bytes of CRC %08x",
                pageId, pageLsn, crc, id, lsn, stored, actual);
    }

    @Override
    public void flush(Collection<PageImage> images, CheckpointRecord checkpoint) {
        if (failed) {
            throw halt.halt("page file " + path + " is flushed after a flush that failed", null);
        }
        List<PageImage> sorted = new ArrayList<>(images);
        sorted.sort(Comparator.comparingLong(PageImage::pageId));
        checkImages(sorted, checkpoint);
        int[] taken = slots.allocate(sorted.size());
        List<PageTable.Row> rows = new ArrayList<>(sorted.size());
        List<PageTable.Row> replaced = new ArrayList<>(sorted.size());
        for (int i = 0; i < taken.length; i++) {
            PageImage image = sorted.get(i);
            rows.add(new PageTable.Row(image.pageId(), taken[i], image.pageLsn(), image.crc()));
            table.row(image.pageId()).ifPresent(replaced::add);
        }
        checkForward(rows, replaced);
        failed = true;
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

    private void checkImages(List<PageImage> sorted, CheckpointRecord checkpoint) {
        long before = Long.MIN_VALUE;
        for (PageImage image : sorted) {
            String wrong = difference(image.pageId(), image.pageLsn(), image.crc(), image.bytes());
            if (wrong == null && image.bytes().remaining() != pageBytes) {
                wrong = image.bytes().remaining() + " bytes";
            }
            if (wrong == null && image.pageLsn() > checkpoint.applied()) {
                wrong = "LSN " + image.pageLsn() + " is past the checkpoint's " + checkpoint.applied();
            }
            if (wrong == null && image.pageId() == before) {
                wrong = "it is flushed twice";
            }
            if (wrong != null) {
                throw halt.halt("page " + image.pageId() + " is not fit to be flushed: " + wrong, null);
            }
            before = image.pageId();
        }
    }

    /** Both ascend by page id; a replaced row is never of a later state. */
    private void checkForward(List<PageTable.Row> rows, List<PageTable.Row> replaced) {
        int next = 0;
        for (PageTable.Row row : rows) {
            if (next < replaced.size() && replaced.get(next).pageId() == row.pageId()) {
                if (replaced.get(next).pageLsn() > row.pageLsn()) {
                    throw halt.halt(replaced.get(next) + " would go back to " + row, null);
                }
                next++;
            }
        }
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
            if (row.slot() != PageTable.Row.EVICTED) {
                slots.release((int) row.slot());
            }
        }
        for (PageTable.Row row : rows) {
            highestPageLsn = Math.max(highestPageLsn, row.pageLsn());
            fileBytes = Math.max(fileBytes, (row.slot() + 1) * pageBytes);
        }
        pages = pages + rows.size() - replaced.size();
    }

    @Override
    public long pages() {
        return pages;
    }

    @Override
    public long localPages() {
        long[] local = new long[1];
        table.forEach(row -> local[0] += row.slot() == PageTable.Row.EVICTED ? 0 : 1);
        return local[0];
    }

    @Override
    public long slotsInUse() {
        return slots.inUse();
    }

    @Override
    public long fileBytes() {
        return fileBytes;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw halt.halt("page file " + path + " does not close", e);
        } finally {
            table.close();
        }
    }

    private String describe(PageTable.Row row) {
        return "page " + row.pageId() + " in " + path + " at offset " + row.slot() * pageBytes;
    }

    private TidemarkException corrupt(PageTable.Row row, String what) {
        return new TidemarkException(ErrorKind.CORRUPT, describe(row) + " is damaged: " + what);
    }
}
