package io.tidemark.engine.wal;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write-ahead log in files of one directory ({@link WalFormat}). Each block's LSN is that of the block before plus
 * one, unless the log is opened for gaps. Chain values of files that are gone are kept until {@link #forgetChainsBelow},
 * unless the log is opened with gaps, or without keeping them: then it has those of its files alone. Appending never
 * waits for the disk to sync, not even when it begins a new file: {@link #sync} syncs the files in their order and then
 * the directory. One thread appends, any thread may call the rest.
 *
 * <p>A failed write, sync or removal halts, and this log does nothing more.
 */
public final class FileWriteAheadLog implements WriteAheadLog {
    private static final Logger LOG = LoggerFactory.getLogger(FileWriteAheadLog.class);

    private final Disk disk;
    private final Path directory;
    private final long fileBytes;
    private final Halt halt;

    private final WalFormat format = new WalFormat();
    private final RedoChain redoChain = new RedoChain();
    private final boolean gaps;
    private final Chains chains;

    /** Null where chain values go with their files. */
    private final ChainArchive archive;

    private final ChainHistory dense = new ChainHistory();
    private final WalFiles files;

    /** Held while files are synced or dropped, so that neither meets the other. Taken before this object's own lock. */
    private final Object filesLock = new Object();

    private final WalTail tail;
    private final ByteBuffer header = ByteBuffer.allocate(WalFormat.FILE_HEADER_BYTES);

    private DiskFile current;
    private long currentFirstLsn;
    private long position;
    private long bytesBefore;
    private boolean endMarked;
    private boolean recovered;

    private volatile long appendedBytes;
    private volatile long lastLsn;
    private volatile long lastTerm;
    private volatile long lastChain;
    private volatile long syncedLsn = -1;

    private volatile String failure;

    /**
     * Opens nothing yet: {@link #recover} does.
     *
     * @param directory of the WAL files alone; made when absent
     * @param fileBytes nominal size of a file, at least 4,096: a new one begins when the next block would pass it, so
     *     only a single larger block exceeds it
     */
    public FileWriteAheadLog(Disk disk, Path directory, long fileBytes, Halt halt) {
        this(disk, directory, fileBytes, false, true, halt);
    }

    /**
     * As above.
     *
     * @param gaps whether LSNs may leave values out
     * @param keepChains whether chain values outlive their files; with gaps they never do
     */
    public FileWriteAheadLog(Disk disk, Path directory, long fileBytes, boolean gaps, boolean keepChains, Halt halt) {
        if (fileBytes < 4096) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "a WAL file has a nominal size of at least 4096 bytes, not " + fileBytes);
        }
        this.disk = disk;
        this.directory = directory;
        this.fileBytes = fileBytes;
        this.halt = halt;
        this.gaps = gaps;
        this.chains = gaps ? new SparseChains() : dense;
        this.archive = keepChains && !gaps ? new ChainArchive(disk, directory) : null;
        this.files = new WalFiles(disk, directory);
        this.tail = new WalTail(fileBytes);
    }

    @Override
    public void recover(
            long from,
            long checkpointLsn,
            long checkpointTerm,
            long checkpointChain,
            long highestPageLsn,
            Consumer<WalBlock> redo) {
        if (recovered) {
            throw halt.halt("WAL " + directory + " is recovered twice", null);
        }
        var known = new WalRecovery.Known(from, checkpointLsn, checkpointTerm, checkpointChain, highestPageLsn);
        WalRecovery recovery = new WalRecovery(disk, directory, known, gaps, chains, block -> {});
        try {
            recovery.read();
            if (archive != null) {
                archive.load(dense);
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "WAL " + directory + " cannot be read: " + e.getMessage(), e);
        }
        if (!recovery.whyTorn().isEmpty()) {
            LOG.info("WAL ends at LSN {}; cut off: {}", recovery.lastLsn(), recovery.whyTorn());
        }
        try {
            disk.createDirectories(directory);
            recovery.makeDurable();
        } catch (IOException e) {
            throw failed("cannot make the recovered end durable", e);
        }
        handOut(known, recovery.lastLsn(), redo);
        try {
            continueAfter(recovery);
        } catch (IOException e) {
            throw failed("cannot go on after the recovered end", e);
        }
    }

    /** A second walk: redo may flush pages, and no page may reach the disk before its block. */
    private void handOut(WalRecovery.Known known, long lastLsn, Consumer<WalBlock> redo) {
        if (known.from() > lastLsn) {
            return;
        }
        try {
            new WalRecovery(disk, directory, known, gaps, gaps ? new SparseChains() : new ChainHistory(), redo).read();
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "WAL " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void continueAfter(WalRecovery recovery) throws IOException {
        if (archive == null) {
            ChainArchive.remove(disk, directory);
        }
        lastLsn = recovery.lastLsn();
        lastTerm = recovery.lastTerm();
        lastChain = recovery.lastChain();
        syncedLsn = lastLsn;
        endMarked = recovery.endMarked();
        files.adopt(recovery.files());
        if (!recovery.files().isEmpty()) {
            current = files.current();
            currentFirstLsn = files.currentFirstLsn();
            position = recovery.endOfLastFile();
            bytesBefore = recovery.bytesBeforeLastFile();
            tail.open(current, position);
        }
        appendedBytes = bytesBefore + position;
        recovered = true;
    }

    @Override
    public long append(long lsn, long term, byte[] redo, int offset, int length) {
        requireUsable();
        if (gaps ? lsn <= lastLsn : lsn != lastLsn + 1) {
            throw halt.halt("WAL " + directory + " ends at LSN " + lastLsn + "; LSN " + lsn + " does not follow", null);
        }
        if (length > WalFormat.REDO_BYTES_MAX) {
            throw halt.halt(
                    "the redo of LSN " + lsn + " has " + length + " bytes; a WAL block holds at most "
                            + WalFormat.REDO_BYTES_MAX,
                    null);
        }
        long chain = redoChain.after(lastChain, lsn, redo, offset, length);
        try {
            boolean full = position + WalFormat.BLOCK_HEADER_BYTES + length > fileBytes;
            // Files are named by their first block: one that has none yet, only a mark of a clean end, takes this one.
            if (current == null || (full && lsn > currentFirstLsn)) {
                beginFile(lsn);
            }
            addBlock(WalFormat.KIND_REDO, lsn, term, redo, offset, length);
        } catch (IOException e) {
            throw failed("cannot append LSN " + lsn, e);
        }
        endMarked = false;
        lastTerm = term;
        lastChain = chain;
        chains.add(lsn, chain);
        // Last: a sync that sees this LSN finds its bytes in the tail.
        lastLsn = lsn;
        return chain;
    }

    private void beginFile(long firstLsn) throws IOException {
        tail.finish();
        bytesBefore = bytesBefore + position;
        current = files.begin(firstLsn);
        currentFirstLsn = firstLsn;
        tail.open(current, 0);
        format.putFileHeader(
                header.array(), new WalFormat.FileHeader(gaps, firstLsn, lastTerm, lastChain, syncedLsn, bytesBefore));
        tail.add(header.array(), 0, WalFormat.FILE_HEADER_BYTES);
        position = WalFormat.FILE_HEADER_BYTES;
    }

    private void addBlock(short kind, long lsn, long term, byte[] redo, int offset, int length) throws IOException {
        format.putBlockHeader(
                header, currentFirstLsn, position, kind, lsn, term, lastChain, syncedLsn, redo, offset, length);
        tail.add(header.array(), 0, WalFormat.BLOCK_HEADER_BYTES);
        tail.add(redo, offset, length);
        position += WalFormat.BLOCK_HEADER_BYTES + length;
        appendedBytes = bytesBefore + position;
    }

    @Override
    public void writeOut() {
        requireUsable();
        try {
            tail.writeOut();
        } catch (IOException e) {
            throw failed("cannot write through LSN " + lastLsn, e);
        }
    }

    @Override
    public long sync() {
        synchronized (filesLock) {
            requireUsable();
            long target = lastLsn;
            if (target == syncedLsn) {
                return target;
            }
            try {
                tail.writeOutToSync();
                files.sync();
            } catch (IOException e) {
                throw failed("cannot sync through LSN " + target, e);
            }
            syncedLsn = target;
            return target;
        }
    }

    @Override
    public void truncateBelow(long lsn) {
        synchronized (filesLock) {
            requireUsable();
            try {
                // A file goes only when the next one is safe: its header carries the chain on.
                while (files.count() > 1 && files.secondFirstLsn() <= Math.min(lsn, syncedLsn)) {
                    if (archive != null) {
                        archive.keep(dense, files.oldestFirstLsn(), files.secondFirstLsn() - 1);
                    }
                    files.dropOldest();
                    if (archive == null) {
                        // What the next start would know.
                        chains.forgetBelow(files.oldestFirstLsn() - 1);
                    }
                }
                if (archive != null) {
                    archive.dropForgotten(dense.first());
                }
            } catch (IOException e) {
                throw failed("cannot drop files below LSN " + lsn, e);
            }
        }
    }

    @Override
    public void closeCleanly() {
        synchronized (filesLock) {
            sync();
            try {
                if (current != null && !endMarked) {
                    addBlock(WalFormat.KIND_END, lastLsn, lastTerm, new byte[0], 0, 0);
                    tail.finish();
                    current.sync();
                }
            } catch (IOException e) {
                throw failed("cannot record the clean end at LSN " + lastLsn, e);
            }
            close();
        }
    }

    @Override
    public void close() {
        synchronized (filesLock) {
            recovered = false;
            try {
                files.close();
            } catch (IOException e) {
                LOG.warn("WAL {}: a file does not close", directory, e);
            }
        }
    }

    private void requireUsable() {
        if (failure != null) {
            throw halt.halt(failure, null);
        }
        if (!recovered) {
            throw halt.halt("WAL " + directory + " is used before recovery or after its close", null);
        }
    }

    private TidemarkException failed(String what, IOException cause) {
        failure = "WAL " + directory + ": " + what + ": " + cause.getMessage()
                + "; what the disk holds is unknown until the next start, which recovers it";
        return halt.halt(failure, cause);
    }

    @Override
    public long syncedLsn() {
        return syncedLsn;
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
        return appendedBytes;
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return chains.at(lsn);
    }

    @Override
    public void forgetChainsBelow(long lsn) {
        chains.forgetBelow(lsn);
    }
}
