package io.tidemark.bench.peer;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.CursorConfig;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import com.sleepycat.je.TransactionConfig;
import java.nio.file.Path;

/** Berkeley DB Java Edition. */
final class JePeer implements KeyValueEngine {
    private static final TransactionConfig SYNCED = new TransactionConfig().setDurability(Durability.COMMIT_SYNC);

    private final Environment environment;
    private final Database rows;
    private final DatabaseEntry keyEntry = new DatabaseEntry();
    private final DatabaseEntry valueEntry = new DatabaseEntry();

    JePeer(Path directory, Memory memory) {
        EnvironmentConfig config = new EnvironmentConfig();
        config.setAllowCreate(true).setTransactional(true).setDurability(Durability.COMMIT_NO_SYNC);
        config.setCacheSize(memory.bytes());
        environment = new Environment(directory.toFile(), config);
        rows = environment.openDatabase(
                null, "rows", new DatabaseConfig().setAllowCreate(true).setTransactional(true));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        keyEntry.setData(key);
        valueEntry.setData(value);
        rows.put(null, keyEntry, valueEntry);
    }

    @Override
    public int get(byte[] key, byte[] target) {
        keyEntry.setData(key);
        if (rows.get(null, keyEntry, valueEntry, LockMode.READ_UNCOMMITTED) != OperationStatus.SUCCESS) {
            return ABSENT;
        }
        System.arraycopy(valueEntry.getData(), valueEntry.getOffset(), target, 0, valueEntry.getSize());
        return valueEntry.getSize();
    }

    @Override
    public void delete(byte[] key) {
        keyEntry.setData(key);
        rows.delete(null, keyEntry);
    }

    @Override
    public void scan(Direction direction, RowSink sink) {
        boolean forward = direction == Direction.FORWARD;
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = rows.openCursor(null, CursorConfig.READ_UNCOMMITTED)) {
            while ((forward ? cursor.getNext(key, value, null) : cursor.getPrev(key, value, null))
                    == OperationStatus.SUCCESS) {
                if (!sink.row(key.getData(), value.getData(), value.getSize())) {
                    return;
                }
            }
        }
    }

    @Override
    public void transaction(byte[][] keys, byte[][] values) {
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry value = new DatabaseEntry();
        Transaction transaction = environment.beginTransaction(null, SYNCED);
        boolean committed = false;
        try {
            for (int i = 0; i < keys.length; i++) {
                key.setData(keys[i]);
                value.setData(values[i]);
                rows.put(transaction, key, value);
            }
            transaction.commit();
            committed = true;
        } finally {
            if (!committed) {
                transaction.abort();
            }
        }
    }

    @Override
    public void sync() {
        environment.flushLog(true);
    }

    @Override
    public void close() {
        rows.close();
        environment.close();
    }
}
