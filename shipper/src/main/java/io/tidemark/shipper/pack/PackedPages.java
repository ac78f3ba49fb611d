package io.tidemark.shipper.pack;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageTable.Row;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Pages that have left the local disk, in the packs of a checkpoint: the root and the parts used last are in memory, so a
 * page takes one ranged read, and pages that lie side by side in a pack take one together (rule CT4). Checkpoints share the
 * parts in which nothing changed; so does the memory of them.
 *
 * <p>A store that did not answer is not asked again by everybody: for a second all others are told so at once, then one
 * tries. So threads that could serve what is local do not all come to wait for what is not. Thread-safe.
 */
public final class PackedPages implements ColdPages {
    /** Of the heap that there may be, this share is for parts; 25 KiB of them are for 8 MiB of pages of 8 KiB, or more. */
    private static final int PARTS_SHARE_OF_HEAP = 12;

    /** Reads at a time for pages that are wanted together. */
    private static final int REQUESTS = 8;

    private static final long THREAD_IDLE_SECONDS = 10;
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ObjectStore store;
    private final LongSupplier nanoTime;
    private final LongSupplier floor;
    private final ThreadPoolExecutor threads;

    /** Held by the one that asks a store that did not answer. */
    private final Semaphore trying = new Semaphore(1);

    private volatile Away away;

    /** Since when the store has not answered, and what it was. */
    private record Away(long since, String why) {}

    private final PartsInMemory parts = new PartsInMemory(Runtime.getRuntime().maxMemory() / PARTS_SHARE_OF_HEAP);
    private volatile PageDirectory newest;

    /** For whoever comes back in no other way: whatever is missing is damage. */
    public PackedPages(ObjectStore store, LongSupplier nanoTime) {
        this(store, nanoTime, () -> Long.MIN_VALUE);
    }

    /**
     * Over a store.
     *
     * @param store stays open; what it answers is checked
     * @param nanoTime as {@link System#nanoTime}
     * @param floor states below this LSN are given up; asked when something is missing, throws what the store throws
     */
    public PackedPages(ObjectStore store, LongSupplier nanoTime, LongSupplier floor) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.floor = floor;
        this.threads = new ThreadPoolExecutor(
                REQUESTS, REQUESTS, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "cold-page-fetch");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<PageImage> fetch(Checkpoint at, List<Row> rows) {
        return unlessAway(() -> kept(at, () -> fetched(at, rows)));
    }

    @Override
    public List<PageImage> fetchWith(Checkpoint at, Row row, List<Row> beside) {
        return unlessAway(() -> kept(at, () -> fetchedWith(at, row, beside)));
    }

    @Override
    public List<Row> listed(Checkpoint at, List<Row> rows) {
        return unlessAway(() -> listedBy(directory(at), rows));
    }

    /** What is missing was removed by right only if the floor is above the checkpoint (rule CT6); else it is lost. */
    private <T> T kept(Checkpoint at, Supplier<T> asking) {
        try {
            return asking.get();
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            long from = floor.getAsLong();
            if (at.lsn() < from) {
                throw new TidemarkException(
                        ErrorKind.NOT_FOUND,
                        "checkpoint of LSN " + at.lsn() + " was given up, history is kept from LSN " + from + " on: "
                                + e.getMessage(),
                        e);
            }
            throw new TidemarkException(ErrorKind.CORRUPT, e.getMessage(), e);
        }
    }

    private <T> T unlessAway(Supplier<T> asking) {
        Away before = away;
        if (before == null) {
            return noted(asking);
        }
        if (nanoTime.getAsLong() - before.since < AGAIN_NANOS || !trying.tryAcquire()) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, before.why);
        }
        try {
            return noted(asking);
        } finally {
            trying.release();
        }
    }

    private <T> T noted(Supplier<T> asking) {
        try {
            T answer = asking.get();
            away = null;
            return answer;
        } catch (TidemarkException e) {
            away = e.kind() == ErrorKind.UNAVAILABLE ? new Away(nanoTime.getAsLong(), e.getMessage()) : null;
            throw e;
        }
    }

    private List<PageImage> fetched(Checkpoint at, List<Row> rows) {
        PageDirectory directory = directory(at);
        List<Callable<List<PageImage>>> reads = new ArrayList<>();
        for (PageRange range : PageRange.over(places(directory, rows))) {
            reads.add(() -> directory.images(range));
        }
        return PageFetches.all(threads, reads);
    }

    private List<PageImage> fetchedWith(Checkpoint at, Row row, List<Row> beside) {
        PageDirectory directory = directory(at);
        PagePlace wanted = place(directory, row);
        if (beside.isEmpty()) {
            return List.of(directory.image(wanted));
        }
        List<Row> all = new ArrayList<>(beside);
        all.add(row);
        for (PageRange range : PageRange.over(places(directory, all))) {
            if (range.places().contains(wanted)) {
                return directory.images(range);
            }
        }
        throw new IllegalStateException(wanted + " is in no range");
    }

    private List<Row> listedBy(PageDirectory directory, List<Row> rows) {
        List<Row> listed = new ArrayList<>(rows.size());
        for (Map.Entry<Integer, List<Row>> ofPart : byPart(directory, rows).entrySet()) {
            DirectoryPart part = part(directory, ofPart.getKey());
            for (Row row : ofPart.getValue()) {
                if (isOf(part.place(row.pageId()), row)) {
                    listed.add(row);
                }
            }
        }
        return listed;
    }

    /** By part, so that each part is looked up once; ids that the checkpoint does not have are left out. */
    private static Map<Integer, List<Row>> byPart(PageDirectory directory, List<Row> rows) {
        Map<Integer, List<Row>> byPart = new TreeMap<>();
        for (Row row : rows) {
            if (row.pageId() < directory.root().pageIds()) {
                int part = (int) (row.pageId() / directory.root().pagesPerPart());
                byPart.computeIfAbsent(part, index -> new ArrayList<>()).add(row);
            }
        }
        return byPart;
    }

    private List<PagePlace> places(PageDirectory directory, List<Row> rows) {
        List<PagePlace> places = new ArrayList<>(rows.size());
        Map<Integer, DirectoryPart> known = new HashMap<>();
        for (Row row : rows) {
            int index = partOf(directory, row);
            places.add(checked(known.computeIfAbsent(index, i -> part(directory, i)), row));
        }
        return places;
    }

    private PagePlace place(PageDirectory directory, Row row) {
        return checked(part(directory, partOf(directory, row)), row);
    }

    private static int partOf(PageDirectory directory, Row row) {
        if (row.pageId() >= directory.root().pageIds()) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "checkpoint " + directory.name() + " ends before page " + row.pageId() + ", which left by it");
        }
        return (int) (row.pageId() / directory.root().pagesPerPart());
    }

    /** Rule P1: the directory must have exactly the page that left. */
    private static PagePlace checked(DirectoryPart part, Row row) {
        PagePlace place = part.place(row.pageId());
        if (!isOf(place, row)) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    String.format(
                            Locale.ROOT,
                            "the directory has page %d of LSN %d, CRC %08x; LSN %d, CRC %08x left",
                            row.pageId(),
                            place.pageLsn(),
                            place.crc(),
                            row.pageLsn(),
                            row.crc()));
        }
        return place;
    }

    private static boolean isOf(PagePlace place, Row row) {
        return place.pageLsn() == row.pageLsn() && place.crc() == row.crc();
    }

    private DirectoryPart part(PageDirectory directory, int index) {
        // A part that only grew by new ids at its end has another reference.
        return parts.get(directory.root().parts().get(index), () -> directory.part(index));
    }

    private PageDirectory directory(Checkpoint at) {
        PageDirectory known = newest;
        if (known == null || !known.name().key().equals(at.directory())) {
            if (at.lsn() < 0) {
                throw new TidemarkException(ErrorKind.CORRUPT, "a page left, but no checkpoint is known");
            }
            known = PageDirectory.open(store, at.directory(), at.sha256());
            newest = known;
        }
        return known;
    }
}
