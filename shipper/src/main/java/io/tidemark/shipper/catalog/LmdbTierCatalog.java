package io.tidemark.shipper.catalog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.shipper.catalog.CatalogFormat.Stored;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.CursorIterable.KeyVal;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The tier catalog in LMDB ({@link CatalogFormat}): rows in database {@code segments}, the rest and the digest over all
 * rows in database {@code state}. Every row is read and the digest checked at open, each row again when it is looked up.
 *
 * <p>LMDB syncs each commit before it answers; none of the flags that weaken that is set, and no read transaction outlives
 * a call. A damaged file can end the process by a signal. So a file {@code opening} counts the openings that have not ended:
 * after two the catalog is made anew.
 */
public final class LmdbTierCatalog implements TierCatalog {
    /** Address space for some 20 million segments. */
    public static final long MAP_BYTES = 4L << 30;

    private static final String OPENING = "opening";

    /** One may have been anybody's kill. */
    private static final int DEATHS_MAX = 2;

    private static final List<String> FILES = List.of("data.mdb", "lock.mdb");
    private static final byte[] STATE_KEY = "state".getBytes(US_ASCII);

    private final Path directory;
    private final Env<byte[]> env;
    private final Dbi<byte[]> segments;
    private final Dbi<byte[]> stateDb;
    private volatile Stored stored;

    /** Opens the catalog in a directory of its own, made when absent; a damaged one is {@code CORRUPT}. */
    private LmdbTierCatalog(Path directory, long mapBytes) {
        this.directory = directory;
        Env<byte[]> opened = null;
        try {
            opened = Env.create(ByteArrayProxy.PROXY_BA)
                    .setMapSize(mapBytes)
                    .setMaxDbs(4)
                    .setMaxReaders(512)
                    .open(directory.toFile(), EnvFlags.MDB_NOTLS);
            env = opened;
            segments = env.openDbi("segments", DbiFlags.MDB_CREATE);
            stateDb = env.openDbi("state", DbiFlags.MDB_CREATE);
            stored = read();
        } catch (LmdbException | IllegalArgumentException | OutOfMemoryError e) {
            // a damaged length of a value asks for more memory than there is
            if (opened != null) {
                opened.close();
            }
            throw damaged(e);
        }
    }

    /** A catalog, and whether what was there was thrown away for it. */
    public record Opened(TierCatalog catalog, boolean anew) {}

    /**
     * Opens the catalog; one that is damaged, or that the process before died of, is made anew, empty.
     *
     * @param directory of the catalog's files alone; made when absent
     * @param mapBytes {@link #MAP_BYTES} but in tests
     */
    public static Opened open(Disk disk, Path directory, long mapBytes) {
        Path opening = directory.resolve(OPENING);
        try {
            disk.createDirectories(directory);
            boolean anew = begin(disk, opening) >= DEATHS_MAX;
            if (anew) {
                discard(disk, directory);
            }
            TierCatalog catalog;
            try {
                catalog = new LmdbTierCatalog(directory, mapBytes);
            } catch (TidemarkException e) {
                anew = true;
                discard(disk, directory);
                catalog = new LmdbTierCatalog(directory, mapBytes);
            }
            disk.delete(opening);
            disk.syncDirectory(directory);
            return new Opened(catalog, anew);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "tier catalog " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Notes that an opening begins; answers how many before it have not ended. */
    private static long begin(Disk disk, Path opening) throws IOException {
        try (DiskFile file = disk.open(opening)) {
            long before = file.size();
            file.write(ByteBuffer.wrap(new byte[] {'x'}), before);
            file.sync();
            disk.syncDirectory(opening.getParent());
            return before;
        }
    }

    private static void discard(Disk disk, Path directory) throws IOException {
        for (String file : FILES) {
            disk.delete(directory.resolve(file));
        }
        disk.syncDirectory(directory);
    }

    private Stored read() {
        long[] found = new long[2];
        scan(row -> {
            found[0]++;
            found[1] += CatalogFormat.hash(row);
        });
        byte[] value;
        try (Txn<byte[]> txn = env.txnRead()) {
            value = stateDb.get(txn, STATE_KEY);
        }
        if (value == null && found[0] > 0) {
            throw new IllegalArgumentException(found[0] + " rows found but no state");
        }
        return value == null ? Stored.EMPTY : Stored.decode(value, found[0], found[1]);
    }

    @Override
    public Optional<SegmentRow> row(SegmentName name) {
        byte[] key = CatalogFormat.key(name);
        try (Txn<byte[]> txn = env.txnRead()) {
            return Optional.ofNullable(segments.get(txn, key)).map(value -> CatalogFormat.decode(key, value));
        } catch (LmdbException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    @Override
    public void forEach(Consumer<SegmentRow> visitor) {
        try {
            scan(visitor);
        } catch (LmdbException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    private void scan(Consumer<SegmentRow> visitor) {
        try (Txn<byte[]> txn = env.txnRead();
                CursorIterable<byte[]> rows = segments.iterate(txn)) {
            for (KeyVal<byte[]> row : rows) {
                visitor.accept(CatalogFormat.decode(row.key(), row.val()));
            }
        }
    }

    @Override
    public CatalogState state() {
        return stored.state();
    }

    @Override
    public void commit(List<SegmentRow> rows, List<SegmentName> removed, CatalogState state) {
        Stored next = stored.with(state);
        try (Txn<byte[]> txn = env.txnWrite()) {
            for (SegmentRow row : rows) {
                byte[] key = CatalogFormat.key(row.name());
                next = next.with(before(txn, key), row);
                segments.put(txn, key, CatalogFormat.encode(row));
            }
            for (SegmentName name : removed) {
                byte[] key = CatalogFormat.key(name);
                next = next.with(before(txn, key), null);
                segments.delete(txn, key);
            }
            stateDb.put(txn, STATE_KEY, next.encode());
            txn.commit();
        } catch (LmdbException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "tier catalog " + directory + ": a commit of " + (rows.size() + removed.size()) + " rows failed: "
                            + e.getMessage(),
                    e);
        } catch (IllegalArgumentException e) {
            throw damaged(e);
        }
        stored = next;
    }

    private SegmentRow before(Txn<byte[]> txn, byte[] key) {
        byte[] value = segments.get(txn, key);
        return value == null ? null : CatalogFormat.decode(key, value);
    }

    @Override
    public void close() {
        env.close();
    }

    private TidemarkException damaged(Throwable cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "tier catalog " + directory + " is damaged: " + cause.getMessage()
                        + "; it is made anew at the next start",
                cause);
    }
}
