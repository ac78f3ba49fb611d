package io.tidemark.engine.standalone;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.EntryCost;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.ProcessHalt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DirectoryLock;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.page.LeafRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A store of this process alone, with transactions; see the package for an example and for what transactions promise.
 * Thread-safe. {@code UNAVAILABLE} after {@link #close}, and for a put while the disk has less left than the option {@code
 * reserveBytes}; a failed write or sync of the disk halts the process. A commit beside the close either is made, and
 * durable, or is refused as after it.
 */
public final class Store implements AutoCloseable {
    private static final long CONFLICT_WAIT_NANOS = 1_000_000;
    private static final int CONFLICT_WAITS_MAX = 16;

    /** Of one slice of a range delete: some 8 MiB of the default pages. */
    private static final int RANGE_PAGES = 512;

    private final Engine engine;
    private final AutoCloseable lock;
    private final StoreOptions options;
    private final StandaloneLog log;
    private final DiskReserve reserve;

    /** The transaction that {@link #transact} runs on this thread. */
    private final ThreadLocal<Transaction> running = new ThreadLocal<>();

    private volatile boolean closed;

    private Store(
            Engine engine,
            AutoCloseable lock,
            StoreOptions options,
            LongSupplier clockMillis,
            LongSupplier usableBytes) {
        this.reserve = new DiskReserve(options.engine().reserveBytes(), usableBytes);
        this.engine = engine;
        this.lock = lock;
        this.options = options;
        this.log = new StandaloneLog(
                engine, options.engine().maxEntryPages(), options.engine().pageBytes(), clockMillis);
    }

    /**
     * Opens the store in a directory, making it when there is none. What a crash left uncommitted is taken back before this
     * returns. {@code UNAVAILABLE} when another process, or this one, has it open; {@code CORRUPT} when files are damaged;
     * {@code INVALID} when it was made with other options.
     */
    public static Store open(Path directory, StoreOptions options) {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            // Nobody else has this log to compare chains with.
            EngineOptions alone = options.engine().toBuilder().keepChains(false).build();
            Engine engine = Engine.open(directory, alone, new MetricRegistry(), new ProcessHalt());
            return open(engine, lock, options, System::currentTimeMillis, () -> usableBytes(directory));
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * As above, over an engine that nobody else applies entries to; the store closes it. An engine whose option {@code
     * keepChains} is on remembers something of every entry, for nobody.
     *
     * @param clockMillis wall clock; where it goes back, the log's does not
     */
    public static Store open(Engine engine, StoreOptions options, LongSupplier clockMillis) {
        return open(engine, options, clockMillis, () -> Long.MAX_VALUE);
    }

    /**
     * As above, with a limit.
     *
     * @param usableBytes bytes that the disk still takes
     */
    public static Store open(Engine engine, StoreOptions options, LongSupplier clockMillis, LongSupplier usableBytes) {
        return open(engine, () -> {}, options, clockMillis, usableBytes);
    }

    private static long usableBytes(Path directory) {
        try {
            return new RealDisk().usableBytes(directory);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "the free space of " + directory + " is not to be had: " + e, e);
        }
    }

    private static Store open(
            Engine engine,
            AutoCloseable lock,
            StoreOptions options,
            LongSupplier clockMillis,
            LongSupplier usableBytes) {
        Store store = new Store(engine, lock, options, clockMillis, usableBytes);
        try {
            store.log.rollBackLosers();
            store.engine.syncThrough(store.lsn());
            return store;
        } catch (RuntimeException | Error e) {
            engine.abandon();
            throw e;
        }
    }

    /**
     * Runs {@code body} in a transaction of its own and commits it; takes it back when the body throws. After a {@link
     * ConflictException} it is tried again, as often as the options allow: the body must do nothing outside of it that
     * cannot be done twice. {@code INVALID} inside of another call of this thread.
     */
    public <T> T transact(Function<Transaction, T> body) {
        if (running.get() != null) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "transact inside of transact, on one thread: use transaction "
                            + running.get().id() + ", which is open");
        }
        return retrying(() -> {
            try (OpenTransaction transaction = open()) {
                running.set(transaction);
                T result = body.apply(transaction);
                if (!transaction.hasEnded()) {
                    transaction.commit();
                }
                return result;
            } finally {
                running.remove();
            }
        });
    }

    /** Tries again after conflicts, when whoever is in the way has had time to go. */
    private <T> T retrying(Supplier<T> step) {
        for (int attempt = 1; ; attempt++) {
            try {
                return step.get();
            } catch (ConflictException e) {
                if (attempt == options.attempts()) {
                    throw e;
                }
                if (e.holder() != 0) {
                    // Not all at once: two that are in each other's way would meet again.
                    long share = 1 + (Thread.currentThread().getId() + attempt) % CONFLICT_WAITS_MAX;
                    log.awaitFreed(share * Math.min(attempt, CONFLICT_WAITS_MAX) * CONFLICT_WAIT_NANOS);
                }
            }
        }
    }

    /** Opens a transaction; {@code RETRY} when too many are open. Its owner has to end it. */
    public Transaction begin() {
        return open();
    }

    private OpenTransaction open() {
        requireOpen();
        Operation begin = new Operation.Begin(options.timeout().toMillis());
        Reply reply = Replies.checked(log.append(Command.of(begin)), 0, begin);
        return new OpenTransaction(this, engine, log, reply.number());
    }

    /** What is committed at the moment. */
    public Optional<byte[]> get(String keyspace, byte[] key) {
        requireOpen();
        return engine.get(keyspace, key).map(Row::value);
    }

    /** What is committed at the moment; see {@link io.tidemark.engine.StorageEngine#scan}. */
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        requireOpen();
        return engine.scan(keyspace, from, to, limitRows, limitBytes);
    }

    /** Sets a key, in a transaction of its own. Returns the LSN. */
    public long put(String keyspace, byte[] key, byte[] value) {
        return put(keyspace, key, value, options.durability());
    }

    public long put(String keyspace, byte[] key, byte[] value, Durability durability) {
        check(keyspace, key);
        admitBytes(value.length);
        return write(new Operation.Put(keyspace, key, value, Precondition.NONE), durability)
                .version()
                .lsn();
    }

    /** Removes a key, in a transaction of its own; false when it was not there. */
    public boolean delete(String keyspace, byte[] key) {
        return delete(keyspace, key, options.durability());
    }

    public boolean delete(String keyspace, byte[] key, Durability durability) {
        check(keyspace, key);
        return write(new Operation.Delete(keyspace, key, Precondition.NONE), durability)
                        .status()
                == Status.OK;
    }

    /**
     * Removes all keys of {@code from <= key < to} (null: no bound), in no transaction. Its cost is pages, not keys: what
     * lies whole in the range goes page by page, in as many entries as that takes. Each of them is whole, and they go
     * upward: after a crash in the middle the keys below some key are gone. Throws {@link ConflictException} when a
     * transaction holds any of it, and keeps holding it; what was removed before stays removed.
     */
    public void deleteRange(String keyspace, byte[] from, byte[] to) {
        int most = Math.min(RANGE_PAGES, options.engine().maxEntryPages() - EntryCost.OVERHEAD_PAGES);
        int pages = Math.max(Operation.DeleteRange.PAGES_MIN, most);
        byte[] next = from;
        do {
            Operation slice = new Operation.DeleteRange(keyspace, next, to, pages);
            byte[] stopped = write(slice, options.durability()).payload();
            next = stopped.length == 0 ? null : stopped;
        } while (next != null);
    }

    /**
     * Makes all changes of the batch or none, at one LSN, which it returns. What another transaction holds is waited for
     * as by {@link #transact}. {@code INVALID} when it is empty or too large for one entry of the log.
     */
    public long write(WriteBatch batch) {
        return write(batch, options.durability());
    }

    /** As above. */
    public long write(WriteBatch batch, Durability durability) {
        requireOpen();
        for (Command command : batch.commands()) {
            if (command.operation() instanceof Operation.Put put) {
                check(put.keyspace(), put.key());
                admitBytes(put.value().length);
            } else if (command.operation() instanceof Operation.Delete delete) {
                check(delete.keyspace(), delete.key());
            }
        }
        long lsn = retrying(() -> log.appendTogether(batch.commands()));
        settle(lsn, durability);
        return lsn;
    }

    private Reply write(Operation operation, Durability durability) {
        requireOpen();
        Reply reply = retrying(() -> Replies.checked(log.append(Command.of(operation)), 0, operation));
        if (reply.status() == Status.OK) {
            settle(reply.version().lsn(), durability);
        }
        return reply;
    }

    /** Returns when what was committed at this LSN is as durable as that. */
    void settle(long lsn, Durability durability) {
        switch (durability) {
            case SYNC -> engine.syncThrough(lsn);
            case NONE -> engine.writeOut();
        }
    }

    /** The last commit that is durable, and all before it (rule T2): waits for a sync when the last one is not. */
    public Snapshot snapshot() {
        requireOpen();
        Snapshot snapshot = engine.snapshot();
        try {
            engine.syncThrough(Math.min(snapshot.lsn(), log.lastCommitLsn()));
            return snapshot;
        } catch (RuntimeException | Error e) {
            snapshot.close();
            throw e;
        }
    }

    /** Makes all commits so far durable; returns the LSN that is. */
    public long sync() {
        requireOpen();
        engine.syncThrough(lsn());
        return engine.durableLsn();
    }

    /** Names of the keyspaces that hold or held a key, sorted. */
    public List<String> keyspaces() {
        return engine.keyspaces();
    }

    /** LSN of the last entry. */
    public long lsn() {
        return engine.state().applied();
    }

    /** Greatest LSN that survives the loss of power. */
    public long durableLsn() {
        return engine.durableLsn();
    }

    /** The engine below: to be read and asked, never to be given entries. */
    public Engine engine() {
        return engine;
    }

    StoreOptions options() {
        return options;
    }

    boolean isClosed() {
        return closed;
    }

    void check(String keyspace, byte[] key) {
        EntryLimits.keyspace(keyspace);
        EntryLimits.key(key);
        int most = LeafRecord.keyBytesMax(options.engine().pageBytes());
        if (key.length > most) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "pages of " + options.engine().pageBytes() + " B take keys of up to " + most + " B, not "
                            + key.length);
        }
    }

    /** Refuses a value that is too large, and any while the disk is short. */
    void admitBytes(int length) {
        EntryLimits.valueBytes(length);
        reserve.admit(length);
    }

    private void requireOpen() {
        if (closed) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the store is closed; open it again");
        }
    }

    /** Ends the store with a clean checkpoint. Transactions that are open are taken back when it is opened again. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        engine.close();
        unlock();
    }

    /** Gives up everything as a crash of the process would, commits under way end as {@code OUTCOME_UNKNOWN}; for tests. */
    public void abandon() {
        closed = true;
        engine.abandon();
        unlock();
    }

    private void unlock() {
        try {
            lock.close();
        } catch (Exception e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the store's lock is not given back: " + e, e);
        }
    }
}
