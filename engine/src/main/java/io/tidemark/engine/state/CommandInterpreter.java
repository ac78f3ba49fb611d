package io.tidemark.engine.state;

import io.tidemark.engine.Change;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Begin;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.DeleteRange;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.ExpireTransactions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.OfRetention;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.txn.TransactionLimits;
import io.tidemark.engine.txn.TransactionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What each entry does to the trees, and what each command is answered: a function of the entries applied so far.
 *
 * <p>Applying thread only. An exception here leaves the trees in the middle of an entry; the engine halts on it.
 */
public final class CommandInterpreter {
    private final Trees trees;
    private final SystemState system;
    private final SessionTable sessions;
    private final Transactions transactions;
    private Consumer<Change> changes;
    private boolean contentsObserved;

    /** Reads the system trees as they are; an empty store has none. */
    public CommandInterpreter(Trees trees) {
        this(trees, TransactionLimits.DEFAULT);
    }

    public CommandInterpreter(Trees trees, TransactionLimits limits) {
        this.trees = trees;
        this.system = new SystemState(trees);
        this.sessions = new SessionTable(trees);
        this.transactions = new Transactions(trees, limits);
    }

    /** Told of every change from the next entry on, in the applying thread, before the entry is complete. */
    public void listen(Consumer<Change> listener) {
        changes = listener;
        transactions.listen(listener);
    }

    /** Replies in the order of the commands; empty for entries of the consensus layer. */
    public List<Reply> apply(LogEntry logEntry) {
        return apply(logEntry, decode(logEntry));
    }

    /** What the entry's payload says; empty for entries of the consensus layer. */
    public static Optional<Entry> decode(LogEntry logEntry) {
        return logEntry.kind() == EntryKind.COMMANDS
                ? Optional.of(EntryCodec.decode(logEntry.payload()))
                : Optional.empty();
    }

    /** As above, of an entry that is decoded already. */
    public List<Reply> apply(LogEntry logEntry, Optional<Entry> commands) {
        contentsObserved = false;
        system.begin(logEntry);
        if (commands.isEmpty()) {
            return List.of();
        }
        Entry entry = commands.get();
        system.clock(entry.timeMillis(), logEntry.lsn());
        List<Reply> replies = new ArrayList<>(entry.commands().size());
        for (int i = 0; i < entry.commands().size(); i++) {
            replies.add(once(entry.commands().get(i), new Version(logEntry.lsn(), i)));
        }
        sessions.store(logEntry.lsn());
        transactions.store(logEntry.lsn());
        return replies;
    }

    /** Whether the last entry asked for a digest of the contents. */
    public boolean contentsObserved() {
        return contentsObserved;
    }

    public State state(long lsn, long term, long redoChain) {
        return system.at(lsn, term, redoChain);
    }

    /** How transactions stand. */
    public TransactionView transactions() {
        return transactions.view();
    }

    /** When the session idle longest was used. */
    public OptionalLong sessionUsedMillis() {
        return sessions.usedMillis();
    }

    /** The transaction that holds the key, 0 for none. */
    public long holder(String keyspace, byte[] key) {
        return transactions.holder(keyspace, key);
    }

    /** Sessions that are open. */
    public int openSessions() {
        return sessions.size();
    }

    /** Rule E9: a request of a session is applied at most once, and never when its session cannot tell. */
    private Reply once(Command command, Version at) {
        SessionRef ref = command.session();
        if (ref == null) {
            return apply(command, at);
        }
        Optional<Reply> known = sessions.find(ref);
        if (known.isPresent()) {
            return known.get();
        }
        Reply reply = apply(command, at);
        sessions.remember(ref, at, system.timeMillis(), reply);
        return reply;
    }

    private Reply apply(Command command, Version at) {
        Operation operation = command.operation();
        if (command.transaction() != Command.NO_TRANSACTION) {
            return transactions.apply(command.transaction(), operation, at, system.timeMillis());
        } else if (operation instanceof Put put) {
            return put(put, at);
        } else if (operation instanceof Delete delete) {
            return delete(delete, at);
        } else if (operation instanceof DeleteRange range) {
            return deleteRange(range, at);
        } else if (operation instanceof OpenSession) {
            sessions.open(at, system.timeMillis());
            return Reply.of(Status.OK, at);
        } else if (operation instanceof ExpireSessions expire) {
            return sessions.expire(expire.idleSinceMillis(), at);
        } else if (operation instanceof AdvanceHighWater advance) {
            return system.advance(advance, at);
        } else if (operation instanceof CheckpointShipped shipped) {
            return system.checkpointShipped(shipped, at);
        } else if (operation instanceof OfRetention retention) {
            return system.retain(retention, at);
        } else if (operation instanceof HistoryStarted started) {
            return start(started, at);
        } else if (operation instanceof AllocateIncarnation allocate) {
            return system.allocate(allocate.node(), at);
        } else if (operation instanceof ObserveContents) {
            contentsObserved = true;
            return Reply.of(Status.OK, at);
        } else if (operation instanceof Begin begin) {
            return begin(begin, at);
        } else if (operation instanceof RollbackSlice slice) {
            return transactions.rollbackSlice(slice, at);
        } else if (operation instanceof CleanSlice slice) {
            return transactions.cleanSlice(slice, at);
        } else if (operation instanceof ExpireTransactions expire) {
            return transactions.expire(Math.min(expire.atMillis(), system.timeMillis()), at);
        }
        throw new IllegalStateException("operation without a meaning: " + operation);
    }

    private Reply begin(Begin begin, Version at) {
        return transactions
                .full(at)
                .orElseGet(() -> transactions.begin(system.nextTransaction(at), begin, at, system.timeMillis()));
    }

    private Reply start(HistoryStarted started, Version at) {
        Reply reply = system.start(started, at);
        if (reply.status() == Status.OK) {
            transactions.rollBackAll(at);
        }
        return reply;
    }

    private Reply put(Put put, Version at) {
        Optional<Reply> conflict = transactions.conflict(put.keyspace(), put.key(), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        if (!(put.precondition() instanceof Precondition.None)) {
            Version found = trees.version(put.keyspace(), put.key()).orElse(Version.NONE);
            if (!holds(put.precondition(), found)) {
                return Reply.of(Status.CONDITION_FAILED, found);
            }
        }
        trees.put(put.keyspace(), put.key(), put.value(), at);
        if (changes != null) {
            changes.accept(Change.put(at, put.keyspace(), put.key(), put.value(), at));
        }
        return Reply.of(Status.OK, at);
    }

    private Reply delete(Delete delete, Version at) {
        Optional<Reply> conflict = transactions.conflict(delete.keyspace(), delete.key(), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        Optional<Version> found = trees.version(delete.keyspace(), delete.key());
        if (!holds(delete.precondition(), found.orElse(Version.NONE))) {
            return Reply.of(Status.CONDITION_FAILED, found.orElse(Version.NONE));
        }
        if (found.isEmpty()) {
            return Reply.of(Status.NOT_FOUND, at);
        }
        trees.delete(delete.keyspace(), delete.key());
        if (changes != null) {
            changes.accept(Change.delete(at, delete.keyspace(), delete.key()));
        }
        return Reply.of(Status.OK, at);
    }

    private Reply deleteRange(DeleteRange range, Version at) {
        return transactions
                .conflict(range.keyspace(), range.from(), range.to(), at)
                .orElseGet(() -> removed(range, at));
    }

    private Reply removed(DeleteRange range, Version at) {
        Optional<byte[]> next = trees.deleteRange(range.keyspace(), range.from(), range.to(), range.maxPages());
        if (changes != null) {
            changes.accept(Change.deleteRange(at, range.keyspace(), range.from(), next.orElse(range.to())));
        }
        return next.map(key -> new Reply(Status.OK, at, key)).orElse(Reply.of(Status.OK, at));
    }

    static boolean holds(Precondition precondition, Version found) {
        if (precondition instanceof Precondition.VersionIs is) {
            return is.version().equals(found);
        }
        return precondition instanceof Precondition.None || found.equals(Version.NONE);
    }
}
