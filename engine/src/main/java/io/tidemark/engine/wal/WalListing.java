package io.tidemark.engine.wal;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one WAL file holds, for a person to read. It judges by the file alone: whether the file continues the one before,
 * and whether its end is a tear or damage, only recovery can tell.
 */
public final class WalListing {

    /**
     * The file's header.
     *
     * @param firstLsn LSN of its first block
     * @param termBefore term, and {@code chainBefore} chain, of the entry before that
     * @param syncedLsn LSN through which the log was known synced when the file was begun
     * @param bytesBefore bytes of all earlier files
     */
    public record Header(long firstLsn, long termBefore, long chainBefore, long syncedLsn, long bytesBefore) {}

    /**
     * A whole block.
     *
     * @param offset in the file
     * @param endMark whether it marks a clean end, and so has no redo
     * @param syncedLsn LSN through which the log was known synced when it was written
     * @param continues whether LSN and chain follow from the block before
     */
    public record Block(
            long offset,
            boolean endMark,
            long lsn,
            long term,
            long chainBefore,
            long syncedLsn,
            int redoBytes,
            boolean continues) {}

    /**
     * Where the whole blocks end.
     *
     * @param offset of the first byte that belongs to none
     * @param bytesBehind bytes from there to the end of the file, 0 when the file ends with a whole block
     * @param syncedLsnBehind greatest "known synced" of whole blocks found in those bytes, -1 for none: an LSN past the
     *     last block before says that bytes were damaged, not torn
     */
    public record End(long offset, long bytesBehind, long syncedLsnBehind) {}

    private WalListing() {}

    /**
     * Reads the file from its header to its end.
     *
     * @throws TidemarkException NOT_FOUND when there is none, INVALID when its name is not that of a WAL file, CORRUPT
     *     when its header is damaged or it cannot be read
     */
    public static End read(Disk disk, Path path, Consumer<Header> header, Consumer<Block> block) {
        OptionalLong firstLsn = WalFormat.firstLsn(path);
        if (firstLsn.isEmpty()) {
            throw new TidemarkException(
                    ErrorKind.INVALID, path + ": a WAL file is named by its first LSN in 20 digits, and .wal");
        }
        try {
            if (!disk.exists(path)) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, path + " does not exist");
            }
            try (DiskFile file = disk.open(path)) {
                return read(file, path, firstLsn.getAsLong(), header, block);
            }
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.CORRUPT, path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static End read(DiskFile file, Path path, long firstLsn, Consumer<Header> header, Consumer<Block> block)
            throws IOException {
        WalFileReader reader = new WalFileReader(new WalFormat(), file, firstLsn);
        WalFormat.FileHeader found = reader.header();
        if (found == null) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, path + " at offset 0: no whole header of a WAL file from LSN " + firstLsn);
        }
        header.accept(
                new Header(firstLsn, found.termBefore(), found.chainBefore(), found.syncedLsn(), found.bytesBefore()));
        RedoChain redoChain = new RedoChain();
        long lsn = firstLsn - 1;
        long chain = found.chainBefore();
        while (true) {
            long offset = reader.position();
            WalFileReader.Found next = reader.next();
            if (next == WalFileReader.Found.END_OF_FILE || next == WalFileReader.Found.BAD) {
                return new End(offset, file.size() - offset, reader.syncedLsnPast(offset));
            }
            boolean endMark = next == WalFileReader.Found.END_MARK;
            boolean continues = reader.chainBefore() == chain
                    && (endMark
                            ? reader.lsn() == lsn
                            : reader.lsn() == lsn + 1 || (found.gaps() && reader.lsn() > lsn));
            lsn = reader.lsn();
            block.accept(new Block(
                    offset,
                    endMark,
                    lsn,
                    reader.term(),
                    reader.chainBefore(),
                    reader.syncedLsn(),
                    reader.redoBytes(),
                    continues));
            if (!endMark) {
                chain = redoChain.after(
                        reader.chainBefore(), lsn, reader.redoArray(), reader.redoOffset(), reader.redoBytes());
            }
        }
    }
}
