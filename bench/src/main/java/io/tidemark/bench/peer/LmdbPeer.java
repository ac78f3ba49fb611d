package io.tidemark.bench.peer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB by lmdbjava. It has no log: what is not synced is an open transaction, committed and synced every so many writes.
 */
final class LmdbPeer implements KeyValueEngine {
    /** Address space, not memory. */
    private static final long MAP_BYTES = 64L << 30;

    private static final int WRITES_PER_COMMIT = 10_000;
    private static final int KEY_BYTES_MAX = 511;

    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> rows;
    private final ThreadLocal<ByteBuffer> keyBuffer =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(KEY_BYTES_MAX));
    private final Txn<ByteBuffer> reader;
    private ByteBuffer directKey = ByteBuffer.allocateDirect(KEY_BYTES_MAX);
    private Txn<ByteBuffer> writer;
    private int uncommitted;

    LmdbPeer(Path directory, Memory memory) {
        env = Env.create(ByteBufferProxy.PROXY_OPTIMAL)
                .setMapSize(MAP_BYTES)
                .setMaxDbs(1)
                .open(directory.toFile(), EnvFlags.MDB_NORDAHEAD);
        rows = env.openDbi("rows", DbiFlags.MDB_CREATE);
        reader = env.txnRead();
        reader.reset();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        put(begun(), directKey, key, value);
        commitWhenDue();
    }

    private void put(Txn<ByteBuffer> txn, ByteBuffer keyBuffer, byte[] key, byte[] value) {
        rows.reserve(txn, keyBuffer.clear().put(key).flip(), value.length).put(value);
    }

    private Txn<ByteBuffer> begun() {
        if (writer == null) {
            writer = env.txnWrite();
        }
        return writer;
    }

    private void commitWhenDue() {
        if (++uncommitted == WRITES_PER_COMMIT) {
            commit();
        }
    }

    private void commit() {
        if (writer != null) {
            writer.commit();
            writer.close();
            writer = null;
        }
        uncommitted = 0;
    }

    @Override
    public int get(byte[] key, byte[] target) {
        directKey.clear().put(key).flip();
        if (writer != null) {
            return copy(rows.get(writer, directKey), target);
        }
        reader.renew();
        try {
            return copy(rows.get(reader, directKey), target);
        } finally {
            reader.reset();
        }
    }

    private static int copy(ByteBuffer value, byte[] target) {
        if (value == null) {
            return ABSENT;
        }
        int length = value.remaining();
        value.get(target, 0, length);
        return length;
    }

    @Override
    public void delete(byte[] key) {
        rows.delete(begun(), directKey.clear().put(key).flip());
        commitWhenDue();
    }

    @Override
    public void scan(Direction direction, RowSink sink) {
        commit();
        boolean forward = direction == Direction.FORWARD;
        LentRows lent = new LentRows(sink);
        reader.renew();
        try (Cursor<ByteBuffer> cursor = rows.openCursor(reader)) {
            boolean more = forward ? cursor.first() : cursor.last();
            while (more) {
                more = lent.row(cursor.key(), cursor.val()) && (forward ? cursor.next() : cursor.prev());
            }
        } finally {
            reader.reset();
        }
    }

    @Override
    public void transaction(byte[][] keys, byte[][] values) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            for (int i = 0; i < keys.length; i++) {
                put(txn, keyBuffer.get(), keys[i], values[i]);
            }
            txn.commit();
        }
    }

    /** A commit is synced. */
    @Override
    public void sync() {
        commit();
    }

    @Override
    public void close() {
        commit();
        reader.close();
        env.close();
    }
}
