package io.tidemark.bench.peer;

import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore: a map in memory and on disk, which keeps the arrays it is given. */
final class MvStorePeer implements KeyValueEngine {
    private final MVStore store;
    private final MVMap<byte[], byte[]> rows;

    MvStorePeer(Path directory, Memory memory) {
        store = new MVStore.Builder()
                .fileName(directory.resolve("store.mv").toString())
                .cacheSize(Math.toIntExact(memory.bytes() >> 20))
                .autoCommitBufferSize(Math.toIntExact(memory.forWrites() >> 10))
                .open();
        rows = store.openMap(
                "rows",
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        rows.put(key.clone(), value.clone());
    }

    @Override
    public int get(byte[] key, byte[] target) {
        byte[] value = rows.get(key);
        if (value == null) {
            return ABSENT;
        }
        System.arraycopy(value, 0, target, 0, value.length);
        return value.length;
    }

    @Override
    public void delete(byte[] key) {
        rows.remove(key);
    }

    @Override
    public void scan(Direction direction, RowSink sink) {
        Cursor<byte[], byte[]> cursor = rows.cursor(null, null, direction == Direction.BACKWARD);
        while (cursor.hasNext()) {
            byte[] key = cursor.next();
            byte[] value = cursor.getValue();
            if (!sink.row(key, value, value.length)) {
                return;
            }
        }
    }

    /** A commit takes all that is in the map, so one transaction goes at a time. */
    @Override
    public synchronized void transaction(byte[][] keys, byte[][] values) {
        for (int i = 0; i < keys.length; i++) {
            put(keys[i], values[i]);
        }
        sync();
    }

    @Override
    public void sync() {
        store.commit();
        store.sync();
    }

    @Override
    public void close() {
        store.close();
    }
}
