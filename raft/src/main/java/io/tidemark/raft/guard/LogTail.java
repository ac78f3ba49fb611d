package io.tidemark.raft.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts what a killed process, or a power cut, left half written at the end of Ratis' open log file; {@link LogRecords}
 * has its format. Ratis itself knows two answers only: refuse to start, or drop whatever follows the first damage,
 * acknowledged entries too (hazard R6).
 *
 * <p>What lies past the record of the synced end ({@link DurableTail}) was never synced, but for the last moment: damage
 * there is a tear, and whatever the disk kept of the records behind it goes too. Damage before that, or at an entry that
 * the engine has, is no tear. While there is no such record, only damage that nothing follows is one. What cannot be told
 * from a tear is rot in what was synced in the last moment.
 */
public final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path file;
    private final Path aside;
    private final int entryBytesMax;

    /**
     * @param file an open log file
     * @param aside where the cut bytes are kept
     * @param entryBytesMax greatest entry that Ratis writes
     */
    public LogTail(Path file, Path aside, int entryBytesMax) {
        this.file = file;
        this.aside = aside;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * Makes the file end with a whole record. The file must not be in use.
     *
     * @param promised everything up to this index was acknowledged: damage there is no tear
     * @param recorded whether the end that was synced is recorded
     * @return bytes cut, 0 for a sound file
     * @throws UnfitException when the damage is not a tear
     */
    public long repair(long promised, boolean recorded) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            LogRecords records = new LogRecords(channel, entryBytesMax);
            if (!records.headerIsSound() && RaftFiles.firstIndexOf(file) > promised) {
                return cut(channel, records, 0, channel.size(), promised);
            }
            long last = RaftFiles.firstIndexOf(file) - 1;
            LogRecords.Found found = records.next();
            while (found.what() == LogRecords.What.ENTRY) {
                last = found.index();
                found = records.next();
            }
            long nonZero = records.lastNonZero(found.at());
            if (nonZero < found.at()) {
                return 0;
            }
            boolean followed = found.what() == LogRecords.What.END || nonZero >= found.end();
            if (last < promised || followed && !recorded) {
                throw new UnfitException("the Raft log " + file + " is damaged at offset " + found.at()
                        + ", after entry " + last + ": the record there ends at " + found.end()
                        + ", bytes follow up to " + nonZero + ", and this node has acknowledged entries up to "
                        + promised);
            }
            return cut(channel, records, found.at(), nonZero + 1 - found.at(), last);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot check the end of " + file, e);
        }
    }

    private long cut(FileChannel channel, LogRecords records, long position, long bytes, long last) throws IOException {
        Files.createDirectories(aside);
        byte[] kept = new byte[(int) Math.min(bytes, CHUNK_BYTES)];
        records.bytes(position, kept.length).get(kept);
        Files.write(aside.resolve(file.getFileName() + ".cut-" + position), kept);
        channel.truncate(position);
        channel.force(true);
        LOG.warn(
                "cut {} bytes that were half written from {} at offset {}, after entry {}",
                bytes,
                file,
                position,
                last);
        return bytes;
    }
}
