package io.tidemark.engine.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A page table for crash tests over a simulated disk: a file of commits, each one record that continues the CRC of the
 * one before, all rows in memory. A commit is one write and one sync; a torn record at the end is cut at open. When the
 * file is long, a new one with the whole table takes its name.
 *
 * <pre>
 *  0       4       8          40                       per row
 *  +-------+-------+----------+---------+-------+--------+---------+
 *  |CRC32C | rows  |checkpoint| page id | slot  |page LSN| CRC32C  | ...
 *  +-------+-------+----------+---------+-------+--------+---------+
 * </pre>
 */
public final class SimulatedPageTable implements PageTable {
    private static final int HEADER_BYTES = 40;
    private static final int ROW_BYTES = 28;
    private static final int COMPACT_BYTES = 64 << 10;

    private final Disk disk;
    private final Path directory;
    private final Halt halt;
    private final TreeMap<Long, Row> rows = new TreeMap<>();
    private CheckpointRecord checkpoint = CheckpointRecord.EMPTY;
    private DiskFile file;
    private long end;
    private int crcBefore;

    public SimulatedPageTable(Disk disk, Path directory, Halt halt) {
        this.disk = disk;
        this.directory = directory;
        this.halt = halt;
        try {
            disk.createDirectories(directory);
            file = disk.open(commits());
            readCommits();
            if (file.size() > end) {
                file.truncate(end);
                file.sync();
            }
            disk.syncDirectory(directory);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "page table " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private Path commits() {
        return directory.resolve("commits");
    }

    private void readCommits() throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        file.read(all, 0);
        all.flip();
        while (all.remaining() >= HEADER_BYTES) {
            int start = all.position();
            int stored = all.getInt();
            int count = all.getInt();
            long length = HEADER_BYTES + (long) count * ROW_BYTES;
            if (count < 0 || length > all.limit() - start || stored != crc(all.array(), start, (int) length)) {
                return;
            }
            checkpoint = new CheckpointRecord(all.getLong(), all.getLong(), all.getLong(), all.getLong());
            for (int i = 0; i < count; i++) {
                Row row = new Row(all.getLong(), all.getLong(), all.getLong(), all.getInt());
                rows.put(row.pageId(), row);
            }
            crcBefore = stored;
            end += length;
        }
    }

    private int crc(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        for (int shift = 24; shift >= 0; shift -= 8) {
            crc.update(crcBefore >>> shift);
        }
        crc.update(bytes, start + 4, length - 4);
        return (int) crc.getValue();
    }

    @Override
    public synchronized Optional<Row> row(long pageId) {
        return Optional.ofNullable(rows.get(pageId));
    }

    @Override
    public void forEach(Consumer<Row> visitor) {
        List<Row> all;
        synchronized (this) {
            all = new ArrayList<>(rows.values());
        }
        all.forEach(visitor);
    }

    @Override
    public synchronized CheckpointRecord checkpoint() {
        return checkpoint;
    }

    @Override
    public void commit(List<Row> changed, CheckpointRecord moved) {
        try {
            if (end > COMPACT_BYTES + 4L * rows.size() * ROW_BYTES) {
                compact();
            }
            append(changed, moved);
            file.sync();
        } catch (IOException e) {
            throw halt.halt("page table " + directory + ": the commit failed: " + e.getMessage(), e);
        }
        synchronized (this) {
            changed.forEach(row -> rows.put(row.pageId(), row));
            checkpoint = moved;
        }
    }

    private void append(List<Row> changed, CheckpointRecord moved) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + changed.size() * ROW_BYTES)
                .putInt(0)
                .putInt(changed.size())
                .putLong(moved.redoStart())
                .putLong(moved.applied())
                .putLong(moved.term())
                .putLong(moved.chain());
        for (Row row : changed) {
            record.putLong(row.pageId())
                    .putLong(row.slot())
                    .putLong(row.pageLsn())
                    .putInt(row.crc());
        }
        crcBefore = crc(record.array(), 0, record.capacity());
        record.putInt(0, crcBefore).flip();
        file.write(record, end);
        end += record.capacity();
    }

    private void compact() throws IOException {
        Path next = directory.resolve("commits.next");
        file.close();
        file = disk.open(next);
        file.truncate(0);
        end = 0;
        crcBefore = 0;
        append(new ArrayList<>(rows.values()), checkpoint);
        file.sync();
        disk.rename(next, commits());
        disk.syncDirectory(directory);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
