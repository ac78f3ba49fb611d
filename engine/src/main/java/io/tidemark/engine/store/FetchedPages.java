package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Images that came from {@link ColdPages} and wait for whoever asked: a page that two want is fetched once. Where pages are
 * wanted one after the other, those behind come along, more each time. Bounded: an image that nobody takes goes with the
 * oldest, and is fetched again. Thread-safe.
 */
final class FetchedPages {
    /** Images kept: 16 MiB of pages of 8 KiB. */
    static final int IMAGES_MAX = 2048;

    /** Pages that one read may bring beside the one that is wanted. */
    static final int AHEAD_MAX = 64;

    private static final int AHEAD_GROWTH = 4;
    private static final int STREAMS = 16;

    private final ColdPages source;

    /** The rows of cold pages among the so many that follow a page. */
    private final BiFunction<Row, Integer, List<Row>> behind;

    private final Map<Long, PageImage> images = new LinkedHashMap<>();
    private final Map<Long, CompletableFuture<Void>> underWay = new HashMap<>();

    /** Runs of pages being read: where the next piece of each would begin, and how long it was last. */
    private final long[] next = new long[STREAMS];

    private final int[] length = new int[STREAMS];
    private int oldestStream;
    private final LongAdder faults = new LongAdder();
    private final LongAdder fetched = new LongAdder();
    private final boolean hasOrigin;
    private volatile Checkpoint newest;

    /** @param origin the checkpoint that the store began with, if it began with one */
    FetchedPages(ColdPages source, Checkpoint origin, BiFunction<Row, Integer, List<Row>> behind) {
        this.source = source;
        this.hasOrigin = origin.lsn() >= 0;
        this.newest = origin;
        this.behind = behind;
    }

    boolean hasSource() {
        return source != ColdPages.NONE;
    }

    boolean hasOrigin() {
        return hasOrigin;
    }

    /** The images of all these rows, past those that wait here. */
    List<PageImage> bring(List<Row> rows) {
        List<PageImage> came = asked(rows.get(0), () -> source.fetch(newest, rows));
        check(came, byId(rows));
        fetched.add(came.size());
        return came;
    }

    boolean isSourceAwaited() {
        return source.isAwaited();
    }

    /**
     * The checkpoint whose directory lists every cold page (rule P2). The log tells of the one that a store began with only
     * after its LSN: until then that one is the newest (rule CT5).
     */
    synchronized void newest(Checkpoint checkpoint) {
        if (checkpoint.lsn() >= newest.lsn()) {
            newest = checkpoint;
        }
    }

    /** Reads that had to wait for the source. */
    long faults() {
        return faults.sum();
    }

    /** Images that came. */
    long fetched() {
        return fetched.sum();
    }

    /** The page's image, which leaves; null when it has to be fetched. */
    synchronized PageImage take(Row row) {
        PageImage image = images.remove(row.pageId());
        return image != null && isOf(image, row) ? image : null;
    }

    /**
     * Fetches the page, unless it is here or on its way; returns when it is.
     *
     * @param wanted asked under the lock that {@link #take} needs: an image that left has got to where this looks
     */
    void fetch(Row row, BooleanSupplier wanted) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<Row> along;
        CompletableFuture<Void> other;
        synchronized (this) {
            if (isHere(row)) {
                return;
            }
            other = underWay.get(row.pageId());
            if (other == null && !wanted.getAsBoolean()) {
                return;
            }
            along = other == null ? along(row) : List.of();
            if (other == null) {
                underWay.put(row.pageId(), done);
                along.forEach(each -> underWay.put(each.pageId(), done));
            }
        }
        if (other != null) {
            other.join();
            return; // whoever fetched it may have failed: the caller looks again
        }
        faults.increment();
        try {
            keep(row, along);
        } finally {
            synchronized (this) {
                underWay.remove(row.pageId());
                along.forEach(each -> underWay.remove(each.pageId()));
            }
            done.complete(null);
        }
    }

    /** Fetches pages that are known to be wanted, several at a time; as many as there is room for. */
    void fetchAll(List<Row> rows) {
        List<Row> wanted;
        synchronized (this) {
            wanted = rows.stream()
                    .filter(row -> !isHere(row))
                    .limit(IMAGES_MAX / 2)
                    .toList();
        }
        if (!wanted.isEmpty()) {
            faults.add(wanted.size());
            put(asked(wanted.get(0), () -> source.fetch(newest, wanted)), wanted);
        }
    }

    private void keep(Row row, List<Row> along) {
        List<Row> all = new ArrayList<>(along);
        all.add(row);
        try {
            put(asked(row, () -> source.fetchWith(newest, row, along)), all);
        } catch (TidemarkException e) {
            boolean alone = e instanceof ColdPageException cold && cold.isGivenUp();
            if (along.isEmpty() || e.kind() == ErrorKind.UNAVAILABLE && !alone) {
                throw e;
            }
            put(asked(row, () -> source.fetchWith(newest, row, List.of())), List.of(row));
        }
    }

    private interface Asking {
        List<PageImage> ask();
    }

    private static List<PageImage> asked(Row row, Asking asking) {
        try {
            return asking.ask();
        } catch (ColdPageException e) {
            throw e;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.RETRY) {
                throw new ColdPageException(row.pageId(), "S3 has it and does not answer: " + e.getMessage(), e);
            }
            if (e.kind() == ErrorKind.NOT_FOUND) {
                throw ColdPageException.givenUp(row.pageId(), e);
            }
            throw new ColdPageException(
                    ErrorKind.CORRUPT, row.pageId(), "what S3 has is not that page: " + e.getMessage(), e);
        }
    }

    private static Map<Long, Row> byId(List<Row> wanted) {
        Map<Long, Row> rows = new HashMap<>();
        wanted.forEach(row -> rows.put(row.pageId(), row));
        return rows;
    }

    /** Rule P1: an image is used only if its id, LSN and CRC are the row's. */
    private static void check(List<PageImage> came, Map<Long, Row> rows) {
        for (PageImage image : came) {
            Row row = rows.get(image.pageId());
            if (row == null) {
                continue;
            }
            String wrong = PageImage.difference(row.pageId(), row.pageLsn(), row.crc(), image.bytes());
            if (wrong != null || !isOf(image, row)) {
                throw new ColdPageException(
                        ErrorKind.CORRUPT, row.pageId(), "what S3 has is not that page: " + wrong, null);
            }
        }
    }

    private void put(List<PageImage> came, List<Row> wanted) {
        Map<Long, Row> rows = byId(wanted);
        check(came, rows);
        synchronized (this) {
            for (PageImage image : came) {
                if (rows.containsKey(image.pageId())) {
                    images.put(image.pageId(), image);
                    fetched.increment();
                }
            }
            for (var oldest = images.keySet().iterator(); images.size() > IMAGES_MAX; ) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    private boolean isHere(Row row) {
        PageImage image = images.get(row.pageId());
        return image != null && isOf(image, row);
    }

    private static boolean isOf(PageImage image, Row row) {
        return image.pageId() == row.pageId() && image.pageLsn() == row.pageLsn() && image.crc() == row.crc();
    }

    /** Rows to be fetched with this one: none where a page is wanted by itself. */
    private List<Row> along(Row row) {
        long pageId = row.pageId();
        for (int i = 0; i < STREAMS; i++) {
            if (length[i] > 0 && pageId >= next[i] && pageId <= next[i] + length[i]) {
                length[i] = Math.min(AHEAD_MAX, length[i] * AHEAD_GROWTH);
                next[i] = pageId + length[i];
                return behind.apply(row, length[i] - 1).stream()
                        .filter(each -> !isHere(each) && !underWay.containsKey(each.pageId()))
                        .toList();
            }
        }
        next[oldestStream] = pageId + 1;
        length[oldestStream] = 1;
        oldestStream = (oldestStream + 1) % STREAMS;
        return List.of();
    }
}
