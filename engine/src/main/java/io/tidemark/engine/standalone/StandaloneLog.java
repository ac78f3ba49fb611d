package io.tidemark.engine.standalone;

import io.tidemark.engine.Engine;
import io.tidemark.engine.EntryCost;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The owner of the log where there is no other: gives each operation the next LSN, under one lock (rule T2), and proposes
 * what a log's owner has to, slices and expiries (rules E6, E7). Thread-safe.
 */
final class StandaloneLog {
    private static final long TERM = 1;

    private final Engine engine;
    private final int maxEntryPages;
    private final int pageBytes;
    private final int sliceRows;
    private final LongSupplier clockMillis;
    private final ReentrantLock writer = new ReentrantLock();

    /** Some transaction has given its locks back. */
    private final Condition freed = writer.newCondition();

    private volatile long lastCommitLsn = -1;

    StandaloneLog(Engine engine, int maxEntryPages, int pageBytes, LongSupplier clockMillis) {
        this.engine = engine;
        this.maxEntryPages = maxEntryPages;
        this.pageBytes = pageBytes;
        this.sliceRows = EntryCost.sliceRows(maxEntryPages);
        this.clockMillis = clockMillis;
    }

    /** Undo rows that a command of this store may consume. */
    int sliceRows() {
        return sliceRows;
    }

    /**
     * LSN of the last entry that made changes everybody's, or is about to; -1 for none since the store was opened. Never
     * below one that readers see.
     */
    long lastCommitLsn() {
        return lastCommitLsn;
    }

    /** Takes back what a process before this one left open. */
    void rollBackLosers() {
        for (long loser : engine.transactions().open().ids()) {
            append(Command.in(loser, new Operation.Rollback(sliceRows)));
        }
        finishWork();
    }

    /** Appends a command as an entry of its own and applies it; refuses what could not be applied. */
    Reply append(Command command) {
        EntryLimits.check(command);
        int pages = EntryCost.OVERHEAD_PAGES + EntryCost.pagesFor(command, pageBytes);
        if (pages > maxEntryPages && !isSmall(command)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "a command that may change " + pages + " pages is too large for a store with max-entry-pages "
                            + maxEntryPages);
        }
        writer.lock();
        try {
            expire();
            Reply reply = apply(command);
            if (frees(command)) {
                freed.signalAll();
            }
            return reply;
        } finally {
            writer.unlock();
        }
    }

    /**
     * Appends writes outside of transactions as one entry, which does all of them; refuses it when somebody holds one of
     * their keys. Returns its LSN.
     */
    long appendTogether(List<Command> writes) {
        Entry entry = new Entry(clockMillis.getAsLong(), List.copyOf(writes));
        EntryLimits.check(entry);
        int pages = EntryCost.pagesFor(entry, pageBytes);
        if (pages > maxEntryPages) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    writes.size() + " writes that may change " + pages
                            + " pages are too many for one batch of a store with max-entry-pages " + maxEntryPages
                            + "; use smaller batches, or a transaction");
        }
        writer.lock();
        try {
            expire();
            writes.forEach(this::requireFree);
            apply(entry, true);
            return lastCommitLsn;
        } finally {
            writer.unlock();
        }
    }

    private void requireFree(Command write) {
        Operation operation = write.operation();
        long holder = operation instanceof Operation.Put put
                ? engine.holder(put.keyspace(), put.key())
                : engine.holder(((Operation.Delete) operation).keyspace(), ((Operation.Delete) operation).key());
        if (holder != 0) {
            throw Replies.held("a batch", holder);
        }
    }

    /** Whether a store of any size takes it: what is foreseen for it counts trees that are higher than any there. */
    private static boolean isSmall(Command command) {
        return !(command.operation() instanceof Operation.Put);
    }

    private static boolean frees(Command command) {
        return command.operation() instanceof Operation.Commit
                || command.operation() instanceof Operation.Rollback
                || command.operation() instanceof Operation.RollbackTo
                || command.operation() instanceof Operation.RollbackSlice;
    }

    private Reply apply(Command command) {
        boolean commits =
                command.operation() instanceof Operation.Commit || command.transaction() == Command.NO_TRANSACTION;
        return apply(new Entry(clockMillis.getAsLong(), List.of(command)), commits)
                .get(0);
    }

    private List<Reply> apply(Entry entry, boolean commits) {
        long lsn = engine.state().applied() + 1;
        if (commits) {
            lastCommitLsn = lsn; // before readers see it: a snapshot waits for the sync of what it may show
        }
        return engine.apply(new LogEntry(lsn, TERM, EntryKind.COMMANDS, EntryCodec.encode(entry)));
    }

    /** Rule E7: ends transactions whose owners are silent, before somebody meets their locks. */
    private void expire() {
        OptionalLong deadline = engine.transactions().nextDeadlineMillis();
        long now = clockMillis.getAsLong();
        if (deadline.isPresent() && deadline.getAsLong() <= now) {
            apply(Command.of(new Operation.ExpireTransactions(now)));
            for (Optional<Operation> slice = engine.work(); slice.isPresent(); slice = engine.work()) {
                apply(Command.of(slice.get()));
            }
            freed.signalAll();
        }
    }

    /** Proposes slices until no rollback and no clean-up is left; others get their turn between them (rule E6). */
    void finishWork() {
        boolean more = true;
        while (more) {
            writer.lock();
            try {
                Optional<Operation> slice = engine.work();
                more = slice.isPresent();
                if (more) {
                    apply(Command.of(slice.get()));
                    freed.signalAll();
                }
            } finally {
                writer.unlock();
            }
        }
    }

    /** Waits until some transaction gives locks back, or for that long. */
    void awaitFreed(long nanos) {
        writer.lock();
        try {
            freed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorKind.RETRY, "interrupted while waiting for another transaction", e);
        } finally {
            writer.unlock();
        }
    }
}
