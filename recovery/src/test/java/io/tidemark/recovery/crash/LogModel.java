package io.tidemark.recovery.crash;

import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the log means, told a second time in plain maps: what the engine is compared with. */
final class LogModel {
    /** A record: its value and its version. */
    record Held(ByteBuffer value, Version version) {}

    /** Keyspace to key (one char per byte) to record, the changes of open transactions made. */
    final TreeMap<String, TreeMap<String, Held>> keyspaces = new TreeMap<>();

    final ModelTransactions transactions = new ModelTransactions(keyspaces);

    final TreeMap<Version, Session> sessions = new TreeMap<>();
    private final TreeMap<String, Long> incarnations = new TreeMap<>();
    private final List<TermStart> terms = new ArrayList<>();
    private long applied = -1;
    private long shipped = -1;
    private String history = "";
    private String parentHistory = "";
    private long fork = -1;
    private long timeMillis;
    private byte[] configuration = {};
    private long configurationLsn = -1;
    private long checkpoint = -1;

    /** A client session: the replies it may still ask for. */
    static final class Session {
        long usedMillis;
        long forgotten;
        final TreeMap<Long, Reply> replies = new TreeMap<>();
    }

    LogModel copy() {
        LogModel copy = new LogModel();
        keyspaces.forEach((name, rows) -> copy.keyspaces.put(name, new TreeMap<>(rows)));
        sessions.forEach((id, session) -> {
            Session other = new Session();
            other.usedMillis = session.usedMillis;
            other.forgotten = session.forgotten;
            other.replies.putAll(session.replies);
            copy.sessions.put(id, other);
        });
        transactions.copyTo(copy.transactions);
        copy.incarnations.putAll(incarnations);
        copy.terms.addAll(terms);
        copy.applied = applied;
        copy.shipped = shipped;
        copy.history = history;
        copy.parentHistory = parentHistory;
        copy.fork = fork;
        copy.timeMillis = timeMillis;
        copy.configuration = configuration;
        copy.configurationLsn = configurationLsn;
        copy.checkpoint = checkpoint;
        return copy;
    }

    /** The records that everybody sees. */
    TreeMap<String, TreeMap<String, Held>> committed() {
        return transactions.seenBy(0);
    }

    long timeMillis() {
        return timeMillis;
    }

    long applied() {
        return applied;
    }

    long shipped() {
        return shipped;
    }

    /** LSN of the newest checkpoint of pages that was shipped. */
    long checkpoint() {
        return checkpoint;
    }

    /** Term of the entry at an LSN of the past. */
    long termOf(long lsn) {
        long term = -1;
        for (TermStart start : terms) {
            term = start.firstLsn() <= lsn ? start.term() : term;
        }
        return term;
    }

    long term() {
        return terms.isEmpty() ? 0 : terms.get(terms.size() - 1).term();
    }

    /** Everything that {@link State} says, but for the chain, which only an engine knows. */
    String facts() {
        return facts(new State(
                applied,
                term(),
                0,
                shipped,
                history,
                parentHistory,
                fork,
                timeMillis,
                List.copyOf(terms),
                configuration,
                configurationLsn,
                new Checkpoint(checkpoint, -1, 0, 0, "", 0, ""),
                Retention.NONE));
    }

    static String facts(State state) {
        return String.join(
                " | ",
                "applied " + state.applied() + " term " + state.term() + " shipped " + state.shipped(),
                "history " + state.history() + " of " + state.parentHistory() + " at " + state.fork(),
                "time " + state.timeMillis() + " " + state.terms(),
                "checkpoint " + state.checkpoint().lsn(),
                "configuration " + new String(state.configuration(), StandardCharsets.ISO_8859_1) + " of "
                        + state.configurationLsn());
    }

    /** @param engine what an engine answered: how far range deletes went with their pages is told by nothing else */
    List<Reply> apply(LogEntry logEntry, List<Reply> engine) {
        applied = logEntry.lsn();
        if (terms.isEmpty() || term() < logEntry.term()) {
            terms.add(new TermStart(logEntry.term(), logEntry.lsn()));
        }
        if (logEntry.kind() == EntryKind.CONFIGURATION) {
            configuration = logEntry.payload();
            configurationLsn = logEntry.lsn();
        }
        if (logEntry.kind() != EntryKind.COMMANDS) {
            return List.of();
        }
        Entry entry = EntryCodec.decode(logEntry.payload());
        timeMillis = Math.max(timeMillis, entry.timeMillis());
        List<Reply> replies = new ArrayList<>();
        for (Command command : entry.commands()) {
            Version at = new Version(logEntry.lsn(), replies.size());
            replies.add(once(command, at, engine.get(replies.size())));
        }
        return replies;
    }

    private Reply once(Command command, Version at, Reply engine) {
        SessionRef ref = command.session();
        if (ref == null) {
            return apply(command, at, engine);
        }
        Session session = sessions.get(ref.session());
        if (session == null || ref.sequence() <= session.forgotten) {
            return Reply.of(Status.OUTCOME_UNKNOWN, Version.NONE);
        }
        Reply known = session.replies.get(ref.sequence());
        if (known != null) {
            return known;
        }
        Reply reply = apply(command, at, engine);
        session.usedMillis = timeMillis;
        session.replies.put(ref.sequence(), reply);
        if (ref.repliedThrough() > session.forgotten) {
            session.forgotten = ref.repliedThrough();
            session.replies.headMap(session.forgotten, true).clear();
        }
        return reply;
    }

    private Reply apply(Command command, Version at, Reply engine) {
        Operation operation = command.operation();
        if (command.transaction() != Command.NO_TRANSACTION) {
            return transactions.apply(command.transaction(), operation, at, timeMillis);
        } else if (operation instanceof Operation.Put put) {
            return change(put.keyspace(), put.key(), put.precondition(), held(put, at), at);
        } else if (operation instanceof Operation.Delete delete) {
            return change(delete.keyspace(), delete.key(), delete.precondition(), null, at);
        } else if (operation instanceof Operation.DeleteRange range) {
            return deleteRange(range, at, engine);
        }
        return other(operation, at);
    }

    private Reply change(String space, byte[] key, Precondition condition, Held value, Version at) {
        long holder = transactions.holder(space, text(key), 0);
        if (holder != 0) {
            return ModelTransactions.conflict(holder, at);
        }
        Held found = keyspaces.getOrDefault(space, new TreeMap<>()).get(text(key));
        if (!holds(condition, found)) {
            return Reply.of(Status.CONDITION_FAILED, found == null ? Version.NONE : found.version);
        }
        if (value == null && found == null) {
            return Reply.of(Status.NOT_FOUND, at);
        }
        TreeMap<String, Held> rows = keyspaces.computeIfAbsent(space, name -> new TreeMap<>());
        if (value == null) {
            rows.remove(text(key));
        } else {
            rows.put(text(key), value);
        }
        return Reply.of(Status.OK, at);
    }

    private Reply deleteRange(Operation.DeleteRange range, Version at, Reply engine) {
        String from = text(range.from());
        String to = text(range.to());
        long holder = transactions.holder(range.keyspace(), from, to, 0);
        if (holder != 0) {
            return ModelTransactions.conflict(holder, at);
        }
        String end = engine.payload().length == 0 ? to : text(engine.payload());
        boolean within = end == null || from == null || from.compareTo(end) <= 0;
        if (!within || (end != null && to != null && end.compareTo(to) > 0)) {
            throw new AssertionError(range + " is to go on at " + end);
        }
        NavigableMap<String, Held> rows = keyspaces.getOrDefault(range.keyspace(), new TreeMap<>());
        rows = from == null ? rows : rows.tailMap(from, true);
        (end == null ? rows : rows.headMap(end, false)).clear();
        return new Reply(Status.OK, at, engine.payload());
    }

    private Reply other(Operation operation, Version at) {
        if (operation instanceof Operation.OpenSession) {
            Session session = new Session();
            session.usedMillis = timeMillis;
            sessions.put(at, session);
        } else if (operation instanceof Operation.ExpireSessions expire) {
            int before = sessions.size();
            sessions.values().removeIf(session -> session.usedMillis < expire.idleSinceMillis());
            return new Reply(
                    Status.OK,
                    at,
                    ByteBuffer.allocate(4).putInt(before - sessions.size()).array());
        } else if (operation instanceof Operation.AdvanceHighWater advance) {
            if (advance.first() != shipped + 1 || advance.last() < advance.first() || advance.last() >= at.lsn()) {
                return Reply.of(Status.REFUSED, new Version(shipped, 0));
            }
            shipped = advance.last();
        } else if (operation instanceof Operation.CheckpointShipped shipping) {
            boolean goesOn = shipping.base() == checkpoint && shipping.lsn() > checkpoint;
            if (!goesOn || shipping.lsn() > shipped || shipping.term() != termOf(shipping.lsn())) {
                return Reply.of(Status.REFUSED, new Version(checkpoint, 0));
            }
            checkpoint = shipping.lsn();
        } else if (operation instanceof Operation.HistoryStarted started) {
            if (started.history().equals(history)) {
                return Reply.of(Status.REFUSED, new Version(shipped, 0));
            }
            history = started.history();
            parentHistory = started.parent();
            fork = started.fork();
            shipped = started.fork();
            transactions.rollBackAll(at);
        } else if (operation instanceof Operation.AllocateIncarnation allocate) {
            long next = incarnations.merge(allocate.node(), 2L, (known, first) -> known + 1);
            return Reply.of(Status.OK, at, next);
        } else if (operation instanceof Operation.Begin begin) {
            return transactions.begin(begin, at, timeMillis);
        } else if (operation instanceof Operation.RollbackSlice slice) {
            return transactions.slice(false, slice.transaction(), slice.from(), slice.rows(), at);
        } else if (operation instanceof Operation.CleanSlice slice) {
            return transactions.slice(true, slice.transaction(), slice.from(), slice.rows(), at);
        } else if (operation instanceof Operation.ExpireTransactions expire) {
            int expired = transactions.expire(Math.min(expire.atMillis(), timeMillis), at);
            return new Reply(
                    Status.OK, at, ByteBuffer.allocate(4).putInt(expired).array());
        }
        return Reply.of(Status.OK, at);
    }

    static Held held(Operation.Put put, Version at) {
        return new Held(ByteBuffer.wrap(put.value()), at);
    }

    static boolean holds(Precondition precondition, Held found) {
        if (precondition instanceof Precondition.VersionIs is) {
            return found != null && found.version.equals(is.version());
        }
        return precondition instanceof Precondition.None || found == null;
    }

    /** One char per byte: ordered as the bytes are. Null, an open bound, stays so. */
    static String text(byte[] key) {
        return key == null ? null : new String(key, StandardCharsets.ISO_8859_1);
    }
}
