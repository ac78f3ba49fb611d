package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Pages on the local disk. No page is overwritten in place: a flush writes to free slots, syncs once, and then one
 * atomic commit of the {@link PageTable} moves the translation and the checkpoint (rules P1, P3-P5). Reads from any
 * thread; one thread flushes.
 */
public interface PageStore extends AutoCloseable {
    /** Of the last flush; {@link CheckpointRecord#EMPTY} for a new store. */
    CheckpointRecord checkpoint();

    /** Highest page LSN in the table, -1 when empty. */
    long highestPageLsn();

    /** Whether the page has a row, that is, was ever flushed. */
    boolean contains(long pageId);

    /** LSN of the page's row, that of the last entry whose change is on disk or was when it left; -1 without a row. */
    long pageLsn(long pageId);

    /** Ids of the pages whose row is of an entry above the LSN, ascending. */
    void changedSince(long lsn, LongConsumer ids);

    /**
     * Reads a page and checks id, LSN and CRC against header and row; {@code CORRUPT} names file, offset, expected and
     * found.
     *
     * <p>Never waits for more than the local disk: a page that is not there, and was not fetched just now, is a {@link
     * ColdPageException}.
     *
     * @param target one page; filled from its position
     * @param again whether it will likely be read again: a page that is not on the local disk comes back then
     */
    void read(long pageId, ByteBuffer target, boolean again);

    /** As above, in passing. */
    default void read(long pageId, ByteBuffer target) {
        read(pageId, target, false);
    }

    /**
     * Writes the images to free slots, syncs, commits rows and checkpoint together. On return all of it is durable. The
     * caller has synced the WAL through {@code checkpoint.applied()}.
     */
    void flush(Collection<PageImage> images, CheckpointRecord checkpoint);

    /** Whether the page has left the local disk, or is leaving it. */
    default boolean isCold(long pageId) {
        return false;
    }

    /** Pages that have left. */
    default long coldPages() {
        return 0;
    }

    /** Whether it is worth waiting for one that cannot be had back now. */
    default boolean awaitsCold() {
        return false;
    }

    /** Cold pages are listed by this checkpoint from now on. */
    default void coldPagesAt(Checkpoint newest) {}

    /**
     * Fetches a cold page, so that the next {@link #read} finds it; blocks. {@link ColdPageException} when that cannot be
     * now, {@code CORRUPT} when what comes is another page.
     *
     * @param wanted asked when nobody else has fetched it or does so now: whoever wanted it may have it already
     */
    default void fetch(long pageId, BooleanSupplier wanted) {}

    /** As above, in any case. */
    default void fetch(long pageId) {
        fetch(pageId, () -> true);
    }

    /** Whether it began without pages ({@link OriginFile}). */
    default boolean beganCold() {
        return false;
    }

    /** Fetches cold pages and gives them slots, as {@link #fetch} and {@link #admit}, though nobody waits for them. */
    default void bring(List<Long> pageIds) {}

    /** As above, pages that are known to be wanted, several at a time. */
    default void fetchAll(List<Long> pageIds) {}

    /**
     * Gives slots and rows to images of cold pages, durably: redo of what changes them next does not need the source (rule
     * CT1). An image of a page that is here already, or was and left again since, is passed over. From any thread.
     */
    default void admit(Collection<PageImage> images) {
        throw new IllegalStateException("no page has left: " + images);
    }

    /** The means to have pages leave; empty where none can. */
    default Optional<EvictablePages> evictable() {
        return Optional.empty();
    }

    /** What came and went between this disk and the cold pages since the store was opened. */
    default ColdCounts coldCounts() {
        return ColdCounts.NONE;
    }

    /** Where the pages are, and how often the local disk was not enough. */
    default StorageEngine.Tier tier(int pageBytes, String waits) {
        ColdCounts counts = coldCounts();
        return new StorageEngine.Tier(
                localPages() * pageBytes, coldPages(), counts.faults(), counts.evicted(), counts.hitRate(), waits);
    }

    /**
     * @param localReads pages read from the local disk
     * @param faults pages that somebody had to wait for
     * @param fetched images that came, those read ahead too
     * @param admitted pages that got a slot back
     * @param evicted pages that left
     */
    record ColdCounts(long localReads, long faults, long fetched, long admitted, long evicted) {
        static final ColdCounts NONE = new ColdCounts(0, 0, 0, 0, 0);

        /** Share of reads that the local disk had, 1 before the first. */
        public double hitRate() {
            return localReads + faults == 0 ? 1 : (double) localReads / (localReads + faults);
        }
    }

    /** Pages with a row. */
    long pages();

    /** Pages whose image is on the local disk. */
    default long localPages() {
        return pages();
    }

    /** Places for images that are taken; as many as {@link #localPages} while no flush or read is under way. */
    default int slotsInUse() {
        return (int) localPages();
    }

    /** Bytes of the page file. */
    long fileBytes();

    @Override
    void close();
}
