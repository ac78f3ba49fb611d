package io.tidemark.engine.standalone;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A transaction of a {@link Store}. */
final class OpenTransaction implements Transaction {
    private static final int RANGE_ROWS = 256;
    private static final long RANGE_BYTES = 1 << 20;

    private final Store store;
    private final Engine engine;
    private final StandaloneLog log;
    private final long id;
    private final KeyHistory keys = new KeyHistory();
    private final AtomicBoolean busy = new AtomicBoolean();
    private long changes;
    private boolean ended;

    OpenTransaction(Store store, Engine engine, StandaloneLog log, long id) {
        this.store = store;
        this.engine = engine;
        this.log = log;
        this.id = id;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Optional<byte[]> get(String keyspace, byte[] key) {
        return alone(() -> keys.hasRoom() ? read(keyspace, key) : lockAndRead(keyspace, key));
    }

    @Override
    public Optional<byte[]> getForUpdate(String keyspace, byte[] key) {
        return alone(() -> lockAndRead(keyspace, key));
    }

    private Optional<byte[]> read(String keyspace, byte[] key) {
        store.check(keyspace, key);
        Optional<Row> row = engine.get(id, keyspace, key);
        keys.read(keyspace, key, row.map(Row::version).orElse(Version.NONE));
        requireAlive();
        return row.map(Row::value);
    }

    private Optional<byte[]> lockAndRead(String keyspace, byte[] key) {
        apply(new Operation.LockKey(keyspace, key));
        keys.hold(keyspace, key);
        return read(keyspace, key);
    }

    /** An expired transaction no longer sees its own changes: better to say so than to answer without them. */
    private void requireAlive() {
        if (!engine.transactions().open().isOpen(id)) {
            throw Replies.silentTooLong(id);
        }
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return alone(() -> {
            Scan scan = engine.scan(id, keyspace, from, to, limitRows, limitBytes);
            requireAlive();
            for (Row row : scan.rows()) {
                if (!keys.hasRoom()) {
                    throw new TidemarkException(
                            ErrorKind.INVALID,
                            "a transaction remembers " + KeyHistory.READS_MAX
                                    + " keys that it read; lock the range, or read a snapshot");
                }
                keys.read(keyspace, row.key(), row.version());
            }
            return scan;
        });
    }

    @Override
    public void put(String keyspace, byte[] key, byte[] value) {
        alone(() -> {
            store.check(keyspace, key);
            store.admitBytes(value.length);
            return change(keyspace, key, new Operation.Put(keyspace, key, value, keys.condition(keyspace, key)));
        });
    }

    @Override
    public boolean delete(String keyspace, byte[] key) {
        return alone(() -> {
            store.check(keyspace, key);
            return change(keyspace, key, new Operation.Delete(keyspace, key, keys.condition(keyspace, key)));
        });
    }

    private boolean change(String keyspace, byte[] key, Operation operation) {
        boolean changed = apply(operation).status() == Status.OK;
        if (changed) {
            keys.hold(keyspace, key);
            changes++;
        }
        return changed;
    }

    @Override
    public long deleteRange(String keyspace, byte[] from, byte[] to) {
        return alone(() -> {
            apply(new Operation.LockRange(keyspace, from, to));
            long deleted = 0;
            byte[] next = from;
            do {
                Scan rows = engine.scan(id, keyspace, next, to, RANGE_ROWS, RANGE_BYTES);
                for (Row row : rows.rows()) {
                    change(
                            keyspace,
                            row.key(),
                            new Operation.Delete(keyspace, row.key(), keys.condition(keyspace, row.key())));
                    deleted++;
                }
                next = rows.nextKey();
            } while (next != null);
            return deleted;
        });
    }

    @Override
    public void lockRange(String keyspace, byte[] from, byte[] to) {
        alone(() -> apply(new Operation.LockRange(keyspace, from, to)));
    }

    @Override
    public long savepoint() {
        return alone(() -> {
            long position = apply(new Operation.Savepoint()).number();
            keys.savepoint(position);
            return position;
        });
    }

    @Override
    public void rollbackTo(long savepoint) {
        alone(() -> {
            Reply reply = apply(new Operation.RollbackTo(savepoint, log.sliceRows()));
            keys.rolledBackTo(savepoint);
            return finish(reply);
        });
    }

    @Override
    public long commit() {
        return commit(store.options().durability());
    }

    @Override
    public long commit(Durability durability) {
        return alone(() -> {
            Reply reply = apply(new Operation.Commit(log.sliceRows()));
            ended = true;
            long lsn = reply.version().lsn();
            if (changes > 0) {
                store.settle(lsn, durability);
            }
            finish(reply);
            return lsn;
        });
    }

    @Override
    public void rollback() {
        alone(() -> {
            Reply reply = apply(new Operation.Rollback(log.sliceRows()));
            ended = true;
            return finish(reply);
        });
    }

    boolean hasEnded() {
        return ended;
    }

    /** Sees to what a bounded command has left, which a store that is closed meanwhile leaves to its next start. */
    private Reply finish(Reply reply) {
        try {
            if (reply.number() > 0) {
                log.finishWork();
            }
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE || !store.isClosed()) {
                throw e;
            }
        }
        return reply;
    }

    @Override
    public void close() {
        if (ended || store.isClosed()) {
            return;
        }
        Reply reply = log.append(Command.in(id, new Operation.Rollback(log.sliceRows())));
        ended = true;
        if (reply.status() == Status.OK) {
            finish(reply);
        }
    }

    private Reply apply(Operation operation) {
        return Replies.checked(log.append(Command.in(id, operation)), id, operation);
    }

    private <T> T alone(Supplier<T> step) {
        if (!busy.compareAndSet(false, true)) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "transaction " + id + " is used by two threads at the same time");
        }
        try {
            if (ended) {
                throw new TidemarkException(ErrorKind.INVALID, "transaction " + id + " has ended; begin another");
            }
            return step.get();
        } finally {
            busy.set(false);
        }
    }
}
