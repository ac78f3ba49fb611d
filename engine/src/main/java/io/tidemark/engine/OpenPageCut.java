package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.PagesOfCut;
import io.tidemark.engine.buffer.SnapshotHold;
import io.tidemark.engine.buffer.VersionSpill;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.mark.Mark;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.Consumer;

/** A cut of an engine; see {@link PageCut}. */
final class OpenPageCut implements PageCut {
    private final ReaderSlots readers;
    private final BufferPool pool;
    private final Published boundary;
    private final SnapshotHold hold;
    private final VersionSpill spill;
    private final PagesOfCut pages;
    private final long base;

    private OpenPageCut(
            ReaderSlots readers,
            BufferPool pool,
            PageStore store,
            Published boundary,
            SnapshotHold hold,
            VersionSpill spill,
            long base) {
        this.readers = readers;
        this.pool = pool;
        this.boundary = boundary;
        this.hold = hold;
        this.spill = spill;
        this.pages = new PagesOfCut(pool, store, hold);
        this.base = base;
    }

    /** Opens one at the newest boundary. */
    static OpenPageCut open(ReaderSlots readers, BufferPool pool, PageStore store, long base, DiskFile scratch) {
        VersionSpill spill = new VersionSpill(scratch, base);
        // As a reader, so that nothing of this boundary goes before the pool knows of the cut.
        ReadPlace place = readers.enter();
        try {
            if (base > place.lsn()) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        "nothing can have changed since LSN " + base + ": the engine is at " + place.lsn());
            }
            SnapshotHold hold = pool.snapshots().open(place.lsn(), spill);
            return new OpenPageCut(readers, pool, store, place.boundary(), hold, spill, base);
        } finally {
            readers.exit(place);
        }
    }

    @Override
    public State state() {
        return boundary.state();
    }

    @Override
    public int pageBytes() {
        return pool.pageBytes();
    }

    @Override
    public long pageIds() {
        return boundary.pageIds();
    }

    @Override
    public void forEachChanged(Consumer<PageImage> visitor) {
        BitSet candidates = candidates();
        ByteBuffer page = ByteBuffer.allocate(pageBytes());
        for (int id = candidates.nextSetBit(0); id >= 0; id = candidates.nextSetBit(id + 1)) {
            boolean wanted = read(id, page);
            spill.readBelow(id + 1L);
            if (!wanted) {
                requireUnchanged(id);
                continue;
            }
            long lsn = PageHeader.lsn(page);
            if (PageHeader.id(page) != id || lsn > lsn()) {
                throw new TidemarkException(
                        ErrorKind.FATAL,
                        "page " + id + " at LSN " + lsn() + " is page " + PageHeader.id(page) + " of LSN " + lsn);
            }
            if (lsn > base) {
                int crc = PageHeader.seal(page);
                visitor.accept(new PageImage(id, lsn, crc, page.asReadOnlyBuffer()));
            }
        }
    }

    /** Every page that has changed is among them. Pages of later entries, beyond the cut's ids, are not. */
    private BitSet candidates() {
        int ids = Math.toIntExact(pageIds());
        BitSet candidates = new BitSet(ids);
        if (base == Mark.NONE) {
            candidates.set(0, ids);
            return candidates;
        }
        // As a reader: a close waits until the page table has been gone through.
        ReadPlace place = readers.enter(boundary, hold);
        try {
            pages.changedSince(base, id -> {
                if (id < ids) {
                    candidates.set((int) id);
                }
            });
        } finally {
            readers.exit(place);
        }
        return candidates;
    }

    private void requireUnchanged(long pageId) {
        if (base == Mark.NONE) {
            throw new TidemarkException(ErrorKind.FATAL, "page " + pageId + " is missing in a cut of all pages");
        }
    }

    private boolean read(long pageId, ByteBuffer page) {
        ReadPlace place = readers.enter(boundary, hold);
        try {
            return pages.read(pageId, page.clear());
        } finally {
            readers.exit(place);
        }
    }

    @Override
    public void close() {
        pool.snapshots().close(hold);
    }
}
