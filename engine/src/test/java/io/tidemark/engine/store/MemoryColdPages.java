package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageTable.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checkpoints of pages in memory: every image that was ever shipped, by page and LSN. Thread-safe. */
public final class MemoryColdPages implements ColdPages {
    private final Map<Long, TreeMap<Long, PageImage>> images;

    /** Pages asked for, in order. */
    public final List<Long> asked = new ArrayList<>();

    /** It cannot be asked. */
    public volatile boolean away;

    /** Whether an entry waits while it cannot. */
    public volatile boolean isAwaited = true;

    /** It has let all of it go. */
    public volatile boolean givenUp;

    /** Reads so far. */
    public int reads;

    public MemoryColdPages() {
        this(new HashMap<>());
    }

    private MemoryColdPages(Map<Long, TreeMap<Long, PageImage>> images) {
        this.images = images;
    }

    /** Another way to the same pages, which may be away by itself. For one thread with this one. */
    public MemoryColdPages another() {
        return new MemoryColdPages(images);
    }

    /** Keeps a copy of a page that a checkpoint has. */
    public synchronized void add(PageImage image) {
        ByteBuffer copy =
                ByteBuffer.allocate(image.bytes().remaining()).put(image.bytes().duplicate());
        images.computeIfAbsent(image.pageId(), id -> new TreeMap<>())
                .put(image.pageLsn(), new PageImage(image.pageId(), image.pageLsn(), image.crc(), copy.flip()));
    }

    /** Flips a bit of each image of the page, if there are any, as rot does. */
    public synchronized void damage(long pageId) {
        images.getOrDefault(pageId, new TreeMap<>()).values().forEach(image -> {
            int at = image.bytes().limit() - 1;
            image.bytes().put(at, (byte) (image.bytes().get(at) ^ 1));
        });
    }

    @Override
    public boolean isAwaited() {
        return isAwaited;
    }

    @Override
    public synchronized List<PageImage> fetch(Checkpoint at, List<Row> rows) {
        requireThere();
        reads++;
        List<PageImage> found = new ArrayList<>();
        for (Row row : rows) {
            asked.add(row.pageId());
            found.add(image(at, row.pageId()));
        }
        return found;
    }

    @Override
    public synchronized List<PageImage> fetchWith(Checkpoint at, Row row, List<Row> beside) {
        List<Row> all = new ArrayList<>(beside);
        all.add(0, row);
        return fetch(at, all);
    }

    @Override
    public synchronized List<Row> listed(Checkpoint at, List<Row> rows) {
        requireThere();
        return rows.stream()
                .filter(row -> {
                    PageImage image = image(at, row.pageId());
                    return image.pageLsn() == row.pageLsn() && image.crc() == row.crc();
                })
                .toList();
    }

    /** Page ids that were given out at that LSN. */
    public synchronized long pageIds(long lsn) {
        return images.values().stream()
                .filter(versions -> versions.floorEntry(lsn) != null)
                .count();
    }

    /** Rows of a store that begins with that checkpoint (rule CT5). */
    public synchronized List<Row> rows(long lsn, long pageIds) {
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < pageIds; id++) {
            PageImage image = images.get(id).floorEntry(lsn).getValue();
            rows.add(new Row(id, Row.EVICTED, image.pageLsn(), image.crc()));
        }
        return rows;
    }

    /** The page as that checkpoint has it. */
    private PageImage image(Checkpoint at, long pageId) {
        var found = images.getOrDefault(pageId, new TreeMap<>()).floorEntry(at.lsn());
        if (found == null) {
            throw new TidemarkException(ErrorKind.CORRUPT, "checkpoint " + at.lsn() + " has no page " + pageId);
        }
        return found.getValue();
    }

    private void requireThere() {
        if (away) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "nobody answers");
        }
        if (givenUp) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, "history is kept from later on");
        }
    }
}
