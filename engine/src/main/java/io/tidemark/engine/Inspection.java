package io.tidemark.engine;

import io.tidemark.engine.btree.PageAllocator;
import io.tidemark.engine.btree.StructureCheck;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * Looks at a store page by page: for checks, tools and tests. What walks the whole store does so between two entries, and
 * applying waits; {@code UNAVAILABLE} then when the engine is closed.
 */
public final class Inspection {
    /**
     * What it looks at.
     *
     * @param pages as the writer sees them
     * @param entryBoundary while it is held no entry is in flight
     * @param quiet no flush runs beside it, so that slots in use can be compared with pages too
     */
    record Parts(
            BufferPool pool,
            PageStore store,
            EntryPages pages,
            PageAllocator allocator,
            ReaderSlots readers,
            Gate gate,
            Lock entryBoundary,
            boolean quiet) {}

    private final Parts parts;

    Inspection(Parts parts) {
        this.parts = parts;
    }

    /** Walks and checks every page of the store; {@code CORRUPT} says what is wrong. */
    public StructureCheck.Report checkStructure() {
        List<String> stored = storedProblems();
        if (!stored.isEmpty()) {
            throw new TidemarkException(ErrorKind.CORRUPT, String.join("; ", stored));
        }
        return structure().requireWhole();
    }

    /** Walks every page of the trees and says what is wrong. */
    StructureCheck.Report structure() {
        return atBoundary(() -> {
            Published boundary = parts.readers().published();
            return StructureCheck.run(parts.pages(), parts.allocator(), boundary.catalog(), boundary.lsn());
        });
    }

    /** Reads every stored page; what is wrong. */
    List<String> storedProblems() {
        return atBoundary(() -> {
            PageStore store = parts.store();
            List<String> problems = new ArrayList<>(
                    StructureCheck.stored(parts.pool(), store, parts.allocator().pages()));
            if (parts.quiet() && store.slotsInUse() != store.localPages()) {
                problems.add(
                        store.slotsInUse() + " slots of the page file are in use for " + store.localPages() + " pages");
            }
            return problems;
        });
    }

    private <T> T atBoundary(Supplier<T> look) {
        parts.entryBoundary().lock();
        try {
            parts.gate().requireOpen();
            return look.get();
        } finally {
            parts.entryBoundary().unlock();
        }
    }

    /** Names of all trees, the system's too. */
    public List<String> trees() {
        return parts.readers().read(place -> place.boundary().catalog().names());
    }

    /** As {@link StorageEngine#scan}, of any tree, the system's too. */
    public StorageEngine.Scan scanTree(String tree, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return parts.readers().read(place -> ScanPiece.read(place, tree, from, to, limitRows, limitBytes));
    }

    /** Page ids ever given out: valid ids lie below. */
    public long pageIds() {
        return parts.readers().read(place -> place.boundary().pageIds());
    }

    /** A copy of a page as it is now, its CRC not set. */
    public ByteBuffer page(long pageId) {
        return parts.readers().read(place -> {
            Frame frame = place.pages.pin(pageId, Use.SCAN);
            try {
                int pageBytes = place.pages.pageBytes();
                return ByteBuffer.allocate(pageBytes).put(0, frame.page(), 0, pageBytes);
            } finally {
                place.pages.unpin(frame);
            }
        });
    }
}
