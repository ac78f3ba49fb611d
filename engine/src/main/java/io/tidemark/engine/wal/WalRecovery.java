package io.tidemark.engine.wal;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Finds where the log ends, and decides whether that end is a tear or damage (rules W1, W2).
 *
 * <p>The log is walked in order of its files for as long as each header and block is whole and continues LSN and chain.
 * Where that stops, everything behind is searched for whole blocks that say "synced through S": if any says so of an LSN
 * past the end, bytes that were safe are gone: {@code CORRUPT}. The same if the log ends below the checkpoint (the log
 * was synced through it before it was recorded) or below a page. Otherwise what is bad was never synced: it is cut.
 *
 * <p>What no rule can tell: damage to the blocks of the very last sync, after a crash, when nothing was written behind
 * them, looks like a tear.
 */
final class WalRecovery {
    /** What the page table knows. */
    record Known(long from, long checkpointLsn, long checkpointTerm, long checkpointChain, long highestPageLsn) {}

    private static final int COPY_BYTES = 64 << 10;

    private final Disk disk;
    private final Path directory;
    private final Known known;
    private final Consumer<WalBlock> redo;
    private final Chains chains;
    private final boolean gaps;
    private final WalFormat format = new WalFormat();
    private final RedoChain redoChain = new RedoChain();

    private final List<Long> files = new ArrayList<>();
    private int filesKept;
    private long endOfLastFile;
    private boolean torn;
    private String whyTorn = "";

    private long lastLsn;
    private long lastTerm;
    private long lastChain;
    private long bytesBefore;
    private long knownSynced = -1;
    private boolean endMarked;

    /** @param gaps whether LSNs may leave values out */
    WalRecovery(Disk disk, Path directory, Known known, boolean gaps, Chains chains, Consumer<WalBlock> redo) {
        this.disk = disk;
        this.directory = directory;
        this.known = known;
        this.gaps = gaps;
        this.chains = chains;
        this.redo = redo;
        this.lastLsn = known.checkpointLsn;
        this.lastTerm = known.checkpointTerm;
        this.lastChain = known.checkpointChain;
    }

    /** Reads everything and judges; changes nothing on disk. */
    void read() throws IOException {
        disk.list(directory).forEach(name -> WalFormat.firstLsn(name).ifPresent(files::add));
        chains.start(lastLsn, lastChain);
        while (filesKept < files.size() && !torn) {
            readFile(filesKept);
        }
        if (torn) {
            for (int later = filesKept; later < files.size(); later++) {
                searchFile(later);
            }
        }
        judge();
    }

    private void readFile(int index) throws IOException {
        long first = files.get(index);
        try (DiskFile file = disk.open(path(first))) {
            WalFileReader reader = new WalFileReader(format, file, first);
            WalFormat.FileHeader header = reader.header();
            if (header == null || !continuesLog(header)) {
                tornAt(first, 0, header == null ? "its header is not whole" : "it does not continue LSN " + lastLsn);
                return;
            }
            if (header.gaps() && !gaps) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        path(first) + " may have gaps between LSNs; open the store with the option lsnGaps");
            }
            knownSynced = Math.max(knownSynced, header.syncedLsn());
            bytesBefore = header.bytesBefore();
            filesKept++;
            readBlocks(reader, first);
            endOfLastFile = reader.position();
            if (torn) {
                knownSynced = Math.max(knownSynced, reader.syncedLsnPast(endOfLastFile));
            }
        }
    }

    private boolean continuesLog(WalFormat.FileHeader header) {
        if (filesKept > 0) {
            return follows(header.firstLsn()) && header.chainBefore() == lastChain && header.termBefore() == lastTerm;
        }
        if (gaps && header.firstLsn() > known.from) {
            // Nothing is missing before it when it goes on where the checkpoint ends.
            return header.firstLsn() > known.checkpointLsn && header.chainBefore() == known.checkpointChain;
        }
        if (header.firstLsn() > known.from) {
            // The file before it is gone: damage, or a name that was never synced, like anything else that is missing.
            return false;
        }
        lastLsn = header.firstLsn() - 1;
        lastTerm = header.termBefore();
        lastChain = header.chainBefore();
        chains.start(lastLsn, lastChain);
        return true;
    }

    private boolean follows(long lsn) {
        return gaps ? lsn > lastLsn : lsn == lastLsn + 1;
    }

    private void readBlocks(WalFileReader reader, long first) throws IOException {
        while (true) {
            long at = reader.position();
            switch (reader.next()) {
                case END_OF_FILE -> {
                    return;
                }
                case BAD -> {
                    tornAt(first, at, "no whole block of LSN " + (lastLsn + 1));
                    return;
                }
                case END_MARK -> {
                    if (reader.lsn() != lastLsn || reader.chainBefore() != lastChain) {
                        tornAt(first, at, "an end mark of LSN " + reader.lsn() + " after LSN " + lastLsn);
                        reader.back(at);
                        return;
                    }
                    knownSynced = Math.max(knownSynced, reader.syncedLsn());
                    endMarked = true;
                }
                case BLOCK -> {
                    if (!follows(reader.lsn()) || reader.chainBefore() != lastChain) {
                        tornAt(first, at, "a block of LSN " + reader.lsn() + " that does not continue " + lastLsn);
                        reader.back(at);
                        return;
                    }
                    take(reader);
                }
            }
        }
    }

    private void take(WalFileReader reader) {
        long lsn = reader.lsn();
        int length = reader.redoBytes();
        lastChain = redoChain.after(lastChain, lsn, reader.redoArray(), reader.redoOffset(), length);
        lastLsn = lsn;
        lastTerm = reader.term();
        knownSynced = Math.max(knownSynced, reader.syncedLsn());
        endMarked = false;
        chains.add(lsn, lastChain);
        if (lsn >= known.from) {
            ByteBuffer records = ByteBuffer.wrap(reader.redoArray(), reader.redoOffset(), length)
                    .slice();
            redo.accept(new WalBlock(lsn, lastTerm, lastChain, records));
        }
    }

    private void searchFile(int index) throws IOException {
        long first = files.get(index);
        try (DiskFile file = disk.open(path(first))) {
            WalFileReader reader = new WalFileReader(format, file, first);
            WalFormat.FileHeader header = reader.header();
            knownSynced = Math.max(knownSynced, header == null ? -1 : header.syncedLsn());
            knownSynced = Math.max(knownSynced, reader.syncedLsnPast(0));
        }
    }

    private void judge() {
        if (lastLsn < knownSynced) {
            throw corrupt("it was synced through LSN " + knownSynced + " but ends at " + lastLsn);
        }
        if (lastLsn < known.checkpointLsn) {
            throw corrupt("the checkpoint is of LSN " + known.checkpointLsn + " but it ends at " + lastLsn);
        }
        if (lastLsn < known.highestPageLsn) {
            throw corrupt("a page is of LSN " + known.highestPageLsn + " but it ends at " + lastLsn);
        }
        if (filesKept == 0 && known.from <= known.checkpointLsn) {
            throw corrupt("redo begins at LSN " + known.from + " but no block is left");
        }
        OptionalLong chain = chains.at(known.checkpointLsn);
        if (chain.isPresent() && chain.getAsLong() != known.checkpointChain) {
            throw corrupt(String.format(
                    "the chain after LSN %d is %016x, the checkpoint says %016x",
                    known.checkpointLsn, chain.getAsLong(), known.checkpointChain));
        }
    }

    /**
     * Makes what was found durable: cuts a torn tail, removes the files behind it, and writes and syncs again what the
     * process before may have left in the page cache only. A sync alone would not do: after one that failed, the kernel
     * takes those pages for clean, and the next sync succeeds without writing any of them.
     */
    void makeDurable() throws IOException {
        if (!torn && lastLsn <= knownSynced) {
            return;
        }
        for (int later = files.size() - 1; later >= filesKept; later--) {
            disk.delete(path(files.get(later)));
        }
        if (filesKept < files.size()) {
            // They may continue a file that ends in zeros: once those are cut, a crash here would bring them back.
            disk.syncDirectory(directory);
        }
        for (int index = 0; index < filesKept; index++) {
            boolean last = index == filesKept - 1;
            // Until the next file's first block is known to be safe, the end of this one may not be: zeros may come
            // back.
            if (last || files.get(index + 1) > knownSynced) {
                try (DiskFile file = disk.open(path(files.get(index)))) {
                    if (last && file.size() > endOfLastFile) {
                        file.truncate(endOfLastFile);
                    }
                    writeAgain(file, files.get(index));
                    file.sync();
                }
            }
        }
        if (!files.isEmpty()) {
            disk.syncDirectory(directory);
        }
    }

    /** From the first block that is not known to be synced on. */
    private void writeAgain(DiskFile file, long first) throws IOException {
        long at = 0;
        if (first <= knownSynced) {
            WalFileReader reader = new WalFileReader(format, file, first);
            boolean synced = true;
            while (synced) {
                at = reader.position();
                WalFileReader.Found found = reader.next();
                synced = (found == WalFileReader.Found.BLOCK || found == WalFileReader.Found.END_MARK)
                        && reader.lsn() <= knownSynced;
            }
        }
        ByteBuffer piece = ByteBuffer.allocate(COPY_BYTES);
        while (file.read(piece.clear(), at) > 0) {
            int length = piece.flip().remaining();
            file.write(piece, at);
            at += length;
        }
    }

    private void tornAt(long firstLsn, long offset, String why) {
        torn = true;
        whyTorn = path(firstLsn) + " at offset " + offset + ": " + why;
    }

    private TidemarkException corrupt(String what) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "WAL " + directory + " is damaged: " + what + (torn ? " (" + whyTorn + ")" : "")
                        + "; set the store aside and rebuild it from a good copy");
    }

    private Path path(long firstLsn) {
        return directory.resolve(WalFormat.fileName(firstLsn));
    }

    /** First LSNs of the files that stay, ascending. */
    List<Long> files() {
        return files.subList(0, filesKept);
    }

    /** Where the next block goes in the last of them. */
    long endOfLastFile() {
        return endOfLastFile;
    }

    long bytesBeforeLastFile() {
        return bytesBefore;
    }

    long lastLsn() {
        return lastLsn;
    }

    long lastTerm() {
        return lastTerm;
    }

    long lastChain() {
        return lastChain;
    }

    /** Whether the log ends with the mark of a clean end. */
    boolean endMarked() {
        return endMarked;
    }

    /** What was cut off and why, empty when the log ended at the end of a file. */
    String whyTorn() {
        return whyTorn;
    }
}
