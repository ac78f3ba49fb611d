package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.store.PageTable.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** Which pages of a {@link FilePageStore} leave, and which come back; one bit each says whether a page was used lately. */
final class Evictions implements EvictablePages {
    /** Images that wait for a slot: 4 MiB of pages of 8 KiB; more are not kept, their pages stay cold. */
    private static final int COMING_BACK_MAX = 512;

    private final FilePageStore store;
    private final PageTable table;
    private final ColdPages source;
    private final PageBits cold;
    private final PageBits used;
    private final ArrayDeque<PageImage> comingBack = new ArrayDeque<>();
    private volatile int waiting;
    private long hand;

    Evictions(FilePageStore store, PageTable table, ColdPages source, PageBits cold, PageBits used) {
        this.store = store;
        this.table = table;
        this.source = source;
        this.cold = cold;
        this.used = used;
    }

    /** The image was fetched for a page that will be read again. */
    void wanted(PageImage image) {
        synchronized (comingBack) {
            if (comingBack.size() < COMING_BACK_MAX) {
                comingBack.add(image);
                waiting = comingBack.size();
            }
        }
    }

    @Override
    public int slotsInUse() {
        return store.slotsInUse();
    }

    @Override
    public int pageBytes() {
        return store.pageBytes();
    }

    @Override
    public long pageIds() {
        return store.highestPageId() + 1;
    }

    @Override
    public List<Row> coldest(int max, int steps, long lsnMax, LongPredicate kept) {
        List<Row> found = new ArrayList<>();
        for (int i = 0; i < steps && found.size() < max; i++) {
            long pageId = hand;
            hand = hand >= store.highestPageId() ? 0 : hand + 1;
            if (!cold.get(pageId) && !kept.test(pageId) && !used.clear(pageId)) {
                table.row(pageId).filter(row -> mayLeave(row, lsnMax)).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Inner pages stay, for the way to every other leads over them (rule CT1). A damaged page stays for its reader to find. */
    private boolean mayLeave(Row row, long lsnMax) {
        if (row.isEvicted() || row.pageLsn() > lsnMax) {
            return false;
        }
        ByteBuffer header;
        try {
            header = store.header(row);
        } catch (IOException e) {
            return false;
        }
        boolean isIt = header.getInt(PageHeader.MAGIC_OFFSET) == PageHeader.MAGIC
                && PageHeader.id(header) == row.pageId()
                && PageHeader.lsn(header) == row.pageLsn();
        int type = header.getShort(PageHeader.TYPE_OFFSET);
        return isIt && (type == PageType.LEAF.code() || type == PageType.OVERFLOW.code());
    }

    @Override
    public List<Row> listed(Checkpoint at, List<Row> rows) {
        return source.listed(at, rows);
    }

    @Override
    public void leave(long pageId) {
        cold.set(pageId);
    }

    @Override
    public int evict(List<Row> rows) {
        return store.evict(rows);
    }

    @Override
    public List<PageImage> takeFetched(int max) {
        synchronized (comingBack) {
            List<PageImage> taken = new ArrayList<>();
            while (taken.size() < max && !comingBack.isEmpty()) {
                taken.add(comingBack.remove());
            }
            waiting = comingBack.size();
            return taken;
        }
    }

    @Override
    public int fetchedWaiting() {
        return waiting;
    }

    @Override
    public long admitted() {
        return store.coldCounts().admitted();
    }
}
