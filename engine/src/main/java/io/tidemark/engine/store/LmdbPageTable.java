package io.tidemark.engine.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
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
 * The page table in LMDB ({@link PageTableFormat}): rows in database {@code pages}, the checkpoint and the digest over
 * all rows in database {@code state}. Every row is read and the digest checked at open, each row again when it is
 * looked up.
 *
 * <p>LMDB syncs each commit before it answers: none of the flags that weaken that is set (rule P4). The map is large and
 * fixed; it is address space, not memory. No read transaction outlives a call, so the file does not grow by readers.
 *
 * <p>A damaged LMDB file can end the process by a signal instead of an answer; that happens here, at open, before the
 * store serves anything.
 */
public final class LmdbPageTable implements PageTable {
    /** Address space for the table: some 500 million pages. */
    public static final long MAP_BYTES = 64L << 30;

    private static final int READERS_MAX = 512;
    private static final byte[] STATE_KEY = "state".getBytes(US_ASCII);

    private final Path directory;
    private final Halt halt;
    private final Env<byte[]> env;
    private final Dbi<byte[]> pages;
    private final Dbi<byte[]> stateDb;
    private volatile PageTableFormat.State state;

    /**
     * Opens the table, making an empty one when there is none.
     *
     * @param directory of the LMDB files alone; made when absent
     * @param mapBytes size of the map, never changed for a store; {@link #MAP_BYTES} but in tests
     * @throws TidemarkException CORRUPT when rows and digest do not agree or LMDB cannot read its files
     */
    public LmdbPageTable(Disk disk, Path directory, long mapBytes, Halt halt) {
        this.directory = directory;
        this.halt = halt;
        Env<byte[]> opened = null;
        try {
            disk.createDirectories(directory);
            opened = Env.create(ByteArrayProxy.PROXY_BA)
                    .setMapSize(mapBytes)
                    .setMaxDbs(8)
                    .setMaxReaders(READERS_MAX)
                    .open(directory.toFile(), EnvFlags.MDB_NOTLS);
            env = opened;
            pages = env.openDbi("pages", DbiFlags.MDB_CREATE);
            stateDb = env.openDbi("state", DbiFlags.MDB_CREATE);
            state = readState();
            disk.syncDirectory(directory);
        } catch (LmdbException | IOException e) {
            closeQuietly(opened);
            throw corrupt("it cannot be opened: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            closeQuietly(opened);
            throw corrupt(e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            // The length of a value is stored as it is, and the array for it is made before anything can be checked.
            closeQuietly(opened);
            throw corrupt(
                    "a value claims more bytes than memory has (" + e.getMessage()
                            + "); or the heap is too small to open" + " any store: it has "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB",
                    e);
        }
    }

    private PageTableFormat.State readState() {
        long[] found = new long[2];
        scan(row -> {
            found[0]++;
            found[1] += PageTableFormat.hash(row);
        });
        byte[] stored;
        try (Txn<byte[]> txn = env.txnRead()) {
            stored = stateDb.get(txn, STATE_KEY);
        }
        if (stored == null) {
            if (found[0] > 0) {
                throw new IllegalArgumentException(found[0] + " rows found but no state");
            }
            return PageTableFormat.State.EMPTY;
        }
        return PageTableFormat.decodeState(stored, found[0], found[1]);
    }

    @Override
    public Optional<Row> row(long pageId) {
        try (Txn<byte[]> txn = env.txnRead()) {
            byte[] value = pages.get(txn, PageTableFormat.key(pageId));
            return value == null ? Optional.empty() : Optional.of(PageTableFormat.decodeRow(pageId, value));
        } catch (LmdbException | IllegalArgumentException e) {
            throw corrupt(e.getMessage(), e);
        }
    }

    @Override
    public void forEach(Consumer<Row> visitor) {
        try {
            scan(visitor);
        } catch (LmdbException | IllegalArgumentException e) {
            throw corrupt(e.getMessage(), e);
        }
    }

    private void scan(Consumer<Row> visitor) {
        try (Txn<byte[]> txn = env.txnRead();
                CursorIterable<byte[]> rows = pages.iterate(txn)) {
            for (KeyVal<byte[]> row : rows) {
                if (row.key().length != 8) {
                    throw new IllegalArgumentException("a key of " + row.key().length + " bytes found");
                }
                visitor.accept(
                        PageTableFormat.decodeRow(ByteBuffer.wrap(row.key()).getLong(), row.val()));
            }
        }
    }

    @Override
    public CheckpointRecord checkpoint() {
        return state.checkpoint();
    }

    @Override
    public void commit(List<Row> rows, CheckpointRecord checkpoint) {
        PageTableFormat.State next = state.with(checkpoint);
        try (Txn<byte[]> txn = env.txnWrite()) {
            for (Row row : rows) {
                byte[] key = PageTableFormat.key(row.pageId());
                byte[] before = pages.get(txn, key);
                next = next.with(before == null ? null : PageTableFormat.decodeRow(row.pageId(), before), row);
                pages.put(txn, key, PageTableFormat.encode(row));
            }
            stateDb.put(txn, STATE_KEY, PageTableFormat.encode(next));
            txn.commit();
        } catch (LmdbException | IllegalArgumentException e) {
            throw halt.halt(
                    "page table " + directory + ": the commit of " + rows.size() + " rows failed, whether it is "
                            + "durable is unknown until the next start: " + e.getMessage(),
                    e);
        }
        state = next;
    }

    @Override
    public void close() {
        env.close();
    }

    private static void closeQuietly(Env<byte[]> opened) {
        if (opened != null) {
            opened.close();
        }
    }

    private TidemarkException corrupt(String what, Throwable cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "page table " + directory + " is damaged: " + what
                        + "; set the store aside and rebuild it from a good copy",
                cause);
    }
}
