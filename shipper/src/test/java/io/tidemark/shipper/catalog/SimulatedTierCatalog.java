package io.tidemark.shipper.catalog;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A tier catalog for crash tests over a simulated disk: a file of commits, all rows in memory. A commit is one write and
 * one sync; a torn one at the end is cut at open.
 *
 * <pre>
 *   length 4 | CRC32C of the rest 4 | state 52 | rows 4 | (key length 2, key, row 92) ... | removed 4 | (length 2, key) ...
 * </pre>
 */
public final class SimulatedTierCatalog implements TierCatalog {
    private static final int HEADER_BYTES = 8;

    /** Zeros where a commit was torn must not look like an empty one. */
    private static final int LENGTH_MIN = CatalogFormat.STATE_BYTES + 8;

    private final TreeMap<String, SegmentRow> rows = new TreeMap<>();
    private final DiskFile file;
    private CatalogState state = CatalogState.EMPTY;
    private long end;

    public SimulatedTierCatalog(Disk disk, Path directory) {
        try {
            disk.createDirectories(directory);
            file = disk.open(directory.resolve("commits"));
            readCommits();
            if (file.size() > end) {
                file.truncate(end);
                file.sync();
            }
            disk.syncDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readCommits() throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        file.read(all, 0);
        all.flip();
        while (all.remaining() >= HEADER_BYTES) {
            int length = all.getInt();
            int crc = all.getInt();
            if (length < LENGTH_MIN || length > all.remaining() || crc != crc(all.array(), all.position(), length)) {
                return;
            }
            byte[] bytes = new byte[CatalogFormat.STATE_BYTES];
            all.get(bytes);
            ByteBuffer sums = ByteBuffer.wrap(bytes);
            state = CatalogFormat.Stored.decode(bytes, sums.getLong(8), sums.getLong(16))
                    .state();
            for (int left = all.getInt(); left > 0; left--) {
                byte[] key = key(all);
                byte[] row = new byte[CatalogFormat.ROW_BYTES];
                all.get(row);
                put(CatalogFormat.decode(key, row));
            }
            for (int left = all.getInt(); left > 0; left--) {
                rows.remove(new String(key(all), java.nio.charset.StandardCharsets.UTF_8));
            }
            end = all.position();
        }
    }

    private static byte[] key(ByteBuffer in) {
        byte[] key = new byte[in.getShort()];
        in.get(key);
        return key;
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private void put(SegmentRow row) {
        rows.put(row.name().key(), row);
    }

    @Override
    public synchronized Optional<SegmentRow> row(SegmentName name) {
        return Optional.ofNullable(rows.get(name.key()));
    }

    @Override
    public void forEach(Consumer<SegmentRow> visitor) {
        List<SegmentRow> all;
        synchronized (this) {
            all = List.copyOf(rows.values());
        }
        all.forEach(visitor);
    }

    @Override
    public synchronized CatalogState state() {
        return state;
    }

    @Override
    public synchronized void commit(List<SegmentRow> changed, List<SegmentName> removed, CatalogState next) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES
                        + CatalogFormat.STATE_BYTES
                        + 8
                        + changed.size() * (300 + CatalogFormat.ROW_BYTES)
                        + removed.size() * 300)
                .position(HEADER_BYTES);
        out.put(new CatalogFormat.Stored(next, 0, 0).encode()).putInt(changed.size());
        for (SegmentRow row : changed) {
            byte[] key = CatalogFormat.key(row.name());
            out.putShort((short) key.length).put(key).put(CatalogFormat.encode(row));
        }
        out.putInt(removed.size());
        for (SegmentName name : removed) {
            byte[] key = CatalogFormat.key(name);
            out.putShort((short) key.length).put(key);
        }
        int length = out.position() - HEADER_BYTES;
        out.putInt(0, length).putInt(4, crc(out.array(), HEADER_BYTES, length)).flip();
        try {
            long after = end + out.remaining();
            file.write(out, end);
            file.sync();
            end = after;
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "a commit failed: " + e.getMessage(), e);
        }
        changed.forEach(this::put);
        removed.forEach(name -> rows.remove(name.key()));
        state = next;
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
