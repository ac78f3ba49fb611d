package io.tidemark.engine.restart;

import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageRedo;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.wal.WalBlock;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Repeats history, block by block. Whether a page has the block's changes already is asked once, before the block's first
 * record for that page; then all its records are applied, and the LSN is set last (rule E4).
 */
public final class Redo implements Consumer<WalBlock> {
    private final BufferPool pool;
    private final PageStore store;
    private final EntryPages entry;
    private final Runnable makeRoom;
    private final Consumer<Position> reached;
    private final Set<Long> newer = new HashSet<>();
    private Position position;
    private long blocks;

    /**
     * @param from the boundary before the first block
     * @param makeRoom called before each block: frees frames for what it changes
     * @param reached told the boundary after each block
     */
    public Redo(
            BufferPool pool,
            PageStore store,
            EntryPages entry,
            Position from,
            Runnable makeRoom,
            Consumer<Position> reached) {
        this.pool = pool;
        this.store = store;
        this.entry = entry;
        this.position = from;
        this.makeRoom = makeRoom;
        this.reached = reached;
    }

    public long blocks() {
        return blocks;
    }

    /** The boundary after the last block. */
    Position position() {
        return position;
    }

    /** Checks that history was repeated to the end of the WAL. */
    public void requireEnd(long lastLsn) {
        if (position.applied() != lastLsn) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "redo ended at LSN " + position.applied() + ", the WAL ends at " + lastLsn
                            + "; rebuild the store from a good copy");
        }
    }

    @Override
    public void accept(WalBlock block) {
        makeRoom.run();
        long lsn = block.lsn();
        int length = block.redo().remaining();
        byte[] records = new byte[length];
        block.redo().get(block.redo().position(), records);
        entry.begin(lsn, position.redoBytes(), true);
        int next;
        for (int at = 0; at < length; at = next) {
            next = PageRedo.next(records, at, length);
            Frame frame = toRedo(PageRedo.pageId(records, at), lsn, PageRedo.formats(records, at));
            if (frame != null) {
                entry.change(frame);
                PageRedo.apply(records, at, frame.page());
            }
        }
        entry.complete();
        newer.clear();
        blocks++;
        position = position.after(lsn, block.term(), block.chain(), length);
        reached.accept(position);
    }

    /** The page's frame, held by the block; null when the page is of this block or a later one. */
    private Frame toRedo(long pageId, long lsn, boolean formats) {
        if (newer.contains(pageId)) {
            return null;
        }
        if (!pool.holds(pageId)) {
            long stored = store.pageLsn(pageId);
            if (stored < 0) {
                return create(pageId, lsn, formats);
            }
            if (stored >= lsn) {
                newer.add(pageId);
                return null;
            }
            requireHere(pageId, lsn);
        }
        Frame frame = entry.pin(pageId, Use.POINT);
        try {
            if (!entry.isHeld(frame) && isNewer(frame, lsn)) {
                newer.add(pageId);
                return null;
            }
            return entry.hold(pageId);
        } finally {
            entry.unpin(frame);
        }
    }

    /** Rule CT1: restart asks nobody. A page that had left came back before the first change to it was in the log. */
    private void requireHere(long pageId, long lsn) {
        if (store.isCold(pageId)) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "the WAL changes page " + pageId + " at LSN " + lsn
                            + ", which is not on the local disk; rebuild the store from a good copy");
        }
    }

    private boolean isNewer(Frame frame, long lsn) {
        return !frame.isNew() && PageHeader.lsn(frame.page()) >= lsn;
    }

    private Frame create(long pageId, long lsn, boolean formats) {
        if (!formats) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "the WAL changes page " + pageId + " at LSN " + lsn
                            + ", but neither table nor WAL says where it came from; rebuild the store from a good copy");
        }
        return entry.create(pageId);
    }
}
