package io.tidemark.engine;

import io.tidemark.engine.wal.WalBlock;
import io.tidemark.engine.wal.WriteAheadLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A log in memory; a new object over the same medium sees what a restart would. */
final class MemoryLog implements WriteAheadLog {
    /** What survives: the blocks, and how many of them were synced. */
    static final class Medium {
        final List<WalBlock> blocks = new ArrayList<>();
        volatile long syncedLsn = -1;

        /** A crash of the machine: what was not synced is gone. */
        synchronized void loseUnsynced() {
            blocks.removeIf(block -> block.lsn() > syncedLsn);
        }
    }

    private final Medium medium;
    private volatile long lastLsn = -1;
    private long lastTerm;
    private long lastChain;
    private long appended;
    volatile Runnable beforeSync = () -> {};
    volatile Runnable beforeAppend = () -> {};

    MemoryLog(Medium medium) {
        this.medium = medium;
    }

    @Override
    public void recover(long from, long lsn, long term, long chain, long highestPageLsn, Consumer<WalBlock> redo) {
        lastLsn = lsn;
        lastTerm = term;
        lastChain = chain;
        medium.syncedLsn = medium.blocks.isEmpty()
                ? lsn
                : medium.blocks.get(medium.blocks.size() - 1).lsn();
        for (WalBlock block : List.copyOf(medium.blocks)) {
            lastLsn = block.lsn();
            lastTerm = block.term();
            lastChain = block.chain();
            if (block.lsn() >= from) {
                redo.accept(new WalBlock(
                        block.lsn(), block.term(), block.chain(), block.redo().duplicate()));
            }
        }
        if (lastLsn < highestPageLsn) {
            throw new IllegalStateException("log ends at " + lastLsn + " below page LSN " + highestPageLsn);
        }
    }

    @Override
    public long append(long lsn, long term, byte[] redo, int offset, int length) {
        if (lsn != lastLsn + 1) {
            throw new IllegalStateException(lsn + " does not follow " + lastLsn);
        }
        beforeAppend.run();
        byte[] copy = Arrays.copyOfRange(redo, offset, offset + length);
        long chain = 1_000_003 * (31 * lastChain + lsn) + Arrays.hashCode(copy);
        synchronized (medium) {
            medium.blocks.add(new WalBlock(lsn, term, chain, ByteBuffer.wrap(copy)));
        }
        appended += length;
        lastLsn = lsn;
        lastTerm = term;
        lastChain = chain;
        return chain;
    }

    @Override
    public void writeOut() {}

    @Override
    public long sync() {
        beforeSync.run();
        long synced = lastLsn;
        medium.syncedLsn = synced;
        return synced;
    }

    @Override
    public long syncedLsn() {
        return medium.syncedLsn;
    }

    @Override
    public long lastLsn() {
        return lastLsn;
    }

    @Override
    public long lastTerm() {
        return lastTerm;
    }

    @Override
    public long lastChain() {
        return lastChain;
    }

    @Override
    public long appendedBytes() {
        return appended;
    }

    @Override
    public void truncateBelow(long lsn) {
        synchronized (medium) {
            medium.blocks.removeIf(block -> block.lsn() < lsn);
        }
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        synchronized (medium) {
            return medium.blocks.stream()
                    .filter(b -> b.lsn() == lsn)
                    .mapToLong(WalBlock::chain)
                    .findFirst();
        }
    }

    @Override
    public void forgetChainsBelow(long lsn) {}

    @Override
    public void closeCleanly() {
        sync();
    }

    @Override
    public void close() {}
}
