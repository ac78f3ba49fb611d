package io.tidemark.engine.store;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.LongConsumer;

/** A page store for what lives in the pool alone; tests override what they need of one. */
public class NoDisk implements PageStore {
    @Override
    public CheckpointRecord checkpoint() {
        return CheckpointRecord.EMPTY;
    }

    @Override
    public long highestPageLsn() {
        return -1;
    }

    @Override
    public void changedSince(long lsn, LongConsumer ids) {
        throw new UnsupportedOperationException("not asked for here");
    }

    @Override
    public long pageLsn(long pageId) {
        return -1;
    }

    @Override
    public boolean contains(long pageId) {
        return false;
    }

    @Override
    public void read(long pageId, ByteBuffer target, boolean again) {
        throw new IllegalStateException("page " + pageId + " is not in the pool");
    }

    @Override
    public void flush(Collection<PageImage> images, CheckpointRecord checkpoint) {
        throw new IllegalStateException("nothing is flushed here");
    }

    @Override
    public long pages() {
        return 0;
    }

    @Override
    public long fileBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
