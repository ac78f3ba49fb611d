package io.tidemark.engine.store;

import java.nio.ByteBuffer;
import java.util.Collection;
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

    /** Ids of the pages whose row is of an entry above the LSN, ascending. */
    void changedSince(long lsn, LongConsumer ids);

    /**
     * Reads a page and checks id, LSN and CRC against header and row; {@code CORRUPT} names file, offset, expected and
     * found.
     *
     * @param target one page; filled from its position
     */
    void read(long pageId, ByteBuffer target);

    /**
     * Writes the images to free slots, syncs, commits rows and checkpoint together. On return all of it is durable. The
     * caller has synced the WAL through {@code checkpoint.applied()}.
     */
    void flush(Collection<PageImage> images, CheckpointRecord checkpoint);

    /** Pages with a row. */
    long pages();

    /** Pages whose image is on the local disk. */
    default long localPages() {
        return pages();
    }

    /** Places for images that are taken; as many as {@link #localPages} while no flush or read is under way. */
    default long slotsInUse() {
        return localPages();
    }

    /** Bytes of the page file. */
    long fileBytes();

    @Override
    void close();
}
