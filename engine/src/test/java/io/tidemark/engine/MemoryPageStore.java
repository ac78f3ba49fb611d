package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** A page store in memory that keeps what was flushed, and judges each flush by rule P5 and the pages by their CRC. */
final class MemoryPageStore implements PageStore {
    final TreeMap<Long, byte[]> pages = new TreeMap<>();
    volatile Runnable beforeRead = () -> {};
    private CheckpointRecord checkpoint = CheckpointRecord.EMPTY;

    /** LSN through which the log is synced. */
    private final MemoryLog.Medium log;

    MemoryPageStore(MemoryLog.Medium log) {
        this.log = log;
    }

    @Override
    public synchronized CheckpointRecord checkpoint() {
        return checkpoint;
    }

    @Override
    public synchronized long highestPageLsn() {
        return pages.values().stream()
                .mapToLong(page -> PageHeader.lsn(ByteBuffer.wrap(page)))
                .max()
                .orElse(-1);
    }

    @Override
    public synchronized boolean contains(long pageId) {
        return pages.containsKey(pageId);
    }

    @Override
    public synchronized long pageLsn(long pageId) {
        byte[] page = pages.get(pageId);
        return page == null ? -1 : PageHeader.lsn(ByteBuffer.wrap(page));
    }

    @Override
    public synchronized void changedSince(long lsn, LongConsumer ids) {
        pages.forEach((id, page) -> {
            if (PageHeader.lsn(ByteBuffer.wrap(page)) > lsn) {
                ids.accept(id);
            }
        });
    }

    @Override
    public synchronized void read(long pageId, ByteBuffer target, boolean again) {
        beforeRead.run();
        byte[] page = pages.get(pageId);
        if (page == null) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, "no row for page " + pageId);
        }
        ByteBuffer bytes = ByteBuffer.wrap(page);
        if (PageHeader.id(bytes) != pageId || PageHeader.crc(bytes) != PageHeader.storedCrc(bytes)) {
            throw new TidemarkException(ErrorKind.CORRUPT, "page " + pageId + " is damaged");
        }
        target.put(page);
    }

    @Override
    public synchronized void flush(Collection<PageImage> images, CheckpointRecord record) {
        if (record.applied() < checkpoint.applied() || record.redoStart() < checkpoint.redoStart()) {
            throw new IllegalStateException(record + " goes back behind " + checkpoint);
        }
        for (PageImage image : images) {
            if (image.pageLsn() > log.syncedLsn || image.pageLsn() > record.applied()) {
                throw new IllegalStateException("page " + image.pageId() + " of LSN " + image.pageLsn()
                        + " goes out before the log (" + log.syncedLsn + ", " + record + ")");
            }
            byte[] page = new byte[image.bytes().remaining()];
            image.bytes().duplicate().get(page);
            pages.put(image.pageId(), page);
        }
        checkpoint = record;
    }

    @Override
    public synchronized long pages() {
        return pages.size();
    }

    @Override
    public synchronized long fileBytes() {
        return pages.values().stream().mapToLong(page -> page.length).sum();
    }

    @Override
    public void close() {}
}
