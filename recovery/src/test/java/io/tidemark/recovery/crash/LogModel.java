package io.tidemark.recovery.crash;

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
import java.util.TreeMap;

/** What the log means, told a second time in plain maps: what the engine is compared with. */
final class LogModel {
    /** A record: its value and its version. */
    record Held(ByteBuffer value, Version version) {}

    /** Keyspace to key (one char per byte) to record. */
    final TreeMap<String, TreeMap<String, Held>> keyspaces = new TreeMap<>();

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
        return copy;
    }

    long applied() {
        return applied;
    }

    long shipped() {
        return shipped;
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
                configurationLsn));
    }

    static String facts(State state) {
        return String.join(
                " | ",
                "applied " + state.applied() + " term " + state.term() + " shipped " + state.shipped(),
                "history " + state.history() + " of " + state.parentHistory() + " at " + state.fork(),
                "time " + state.timeMillis() + " " + state.terms(),
                "configuration " + new String(state.configuration(), StandardCharsets.ISO_8859_1) + " of "
                        + state.configurationLsn());
    }

    List<Reply> apply(LogEntry logEntry) {
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
            replies.add(once(command, new Version(logEntry.lsn(), replies.size())));
        }
        return replies;
    }

    private Reply once(Command command, Version at) {
        SessionRef ref = command.session();
        if (ref == null) {
            return apply(command.operation(), at);
        }
        Session session = sessions.get(ref.session());
        if (session == null || ref.sequence() <= session.forgotten) {
            return Reply.of(Status.OUTCOME_UNKNOWN, Version.NONE);
        }
        Reply known = session.replies.get(ref.sequence());
        if (known != null) {
            return known;
        }
        Reply reply = apply(command.operation(), at);
        session.usedMillis = timeMillis;
        session.replies.put(ref.sequence(), reply);
        if (ref.repliedThrough() > session.forgotten) {
            session.forgotten = ref.repliedThrough();
            session.replies.headMap(session.forgotten, true).clear();
        }
        return reply;
    }

    private Reply apply(Operation operation, Version at) {
        if (operation instanceof Operation.Put put) {
            Held found = held(put.keyspace(), put.key());
            if (!holds(put.precondition(), found)) {
                return Reply.of(Status.CONDITION_FAILED, found == null ? Version.NONE : found.version);
            }
            keyspaces
                    .computeIfAbsent(put.keyspace(), name -> new TreeMap<>())
                    .put(text(put.key()), new Held(ByteBuffer.wrap(put.value()), at));
        } else if (operation instanceof Operation.Delete delete) {
            Held found = held(delete.keyspace(), delete.key());
            if (!holds(delete.precondition(), found)) {
                return Reply.of(Status.CONDITION_FAILED, found == null ? Version.NONE : found.version);
            }
            if (found == null) {
                return Reply.of(Status.NOT_FOUND, at);
            }
            keyspaces.get(delete.keyspace()).remove(text(delete.key()));
        } else if (operation instanceof Operation.DeleteRange range) {
            keyspaces
                    .getOrDefault(range.keyspace(), new TreeMap<>())
                    .subMap(text(range.from()), text(range.to()))
                    .clear();
        } else if (operation instanceof Operation.OpenSession) {
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
        } else if (operation instanceof Operation.HistoryStarted started) {
            if (started.history().equals(history)) {
                return Reply.of(Status.REFUSED, new Version(shipped, 0));
            }
            history = started.history();
            parentHistory = started.parent();
            fork = started.fork();
            shipped = started.fork();
        } else if (operation instanceof Operation.AllocateIncarnation allocate) {
            long next = incarnations.merge(allocate.node(), 2L, (known, first) -> known + 1);
            return new Reply(Status.OK, at, ByteBuffer.allocate(8).putLong(next).array());
        }
        return Reply.of(Status.OK, at);
    }

    private Held held(String keyspace, byte[] key) {
        return keyspaces.getOrDefault(keyspace, new TreeMap<>()).get(text(key));
    }

    private static boolean holds(Precondition precondition, Held found) {
        if (precondition instanceof Precondition.VersionIs is) {
            return found != null && found.version.equals(is.version());
        }
        return precondition instanceof Precondition.None || found == null;
    }

    /** One char per byte: ordered as the bytes are. */
    static String text(byte[] key) {
        return new String(key, StandardCharsets.ISO_8859_1);
    }
}
