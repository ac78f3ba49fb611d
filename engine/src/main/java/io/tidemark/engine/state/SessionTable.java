package io.tidemark.engine.state;

import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Client sessions: which requests were applied and what they were answered (rule E9; after Ongaro, "Consensus: Bridging
 * Theory and Practice", section 6.3). Rows of the tree {@link #TREE}; memory holds a copy of them.
 *
 * <p>A session's row says when it was used last and below which sequence it has forgotten. The replies that one entry
 * gave a session are one row, dropped when the client has them all: a busy client costs a row per entry, not per
 * request. At most {@link #SESSIONS_MAX} sessions of {@link #WINDOW} replies are kept; past that the session idle
 * longest, and the oldest replies, are forgotten.
 */
final class SessionTable {
    static final String TREE = "sys.sessions";
    static final int WINDOW = 1024;
    static final int SESSIONS_MAX = 4096;

    /** Sessions that one command ends: with all their rows they stay within what an entry may change (rule E2). */
    static final int EXPIRED_MAX = 64;

    private static final Comparator<Session> LONGEST_IDLE_FIRST =
            Comparator.comparing((Session s) -> s.usedAt).thenComparing(s -> s.id);

    private final Trees trees;
    private final Map<Version, Session> sessions = new HashMap<>();
    private final TreeSet<Session> byUse = new TreeSet<>(LONGEST_IDLE_FIRST);
    private final List<Session> touched = new ArrayList<>();

    SessionTable(Trees trees) {
        this.trees = trees;
        trees.scan(TREE, null, null, this::load);
        byUse.addAll(sessions.values());
    }

    private boolean load(byte[] key, byte[] value) {
        Version id = SessionRow.session(key);
        if (SessionRow.isHeader(key)) {
            sessions.put(id, SessionRow.readHeader(id, ByteBuffer.wrap(value)));
        } else {
            sessions.get(id).load(SessionRow.repliesLsn(key), value);
        }
        return true;
    }

    int size() {
        return sessions.size();
    }

    void open(Version id, long timeMillis) {
        while (sessions.size() >= SESSIONS_MAX) {
            drop(byUse.first());
        }
        Session session = new Session(id, id, timeMillis, 0);
        sessions.put(id, session);
        byUse.add(session);
        touch(session);
    }

    /** The reply given before, or OUTCOME_UNKNOWN; empty when the request is new and may be applied. */
    Optional<Reply> find(SessionRef ref) {
        Session session = sessions.get(ref.session());
        if (session == null || ref.sequence() <= session.forgotten) {
            return Optional.of(Reply.of(Status.OUTCOME_UNKNOWN, Version.NONE));
        }
        return Optional.ofNullable(session.replies.get(ref.sequence()));
    }

    void remember(SessionRef ref, Version at, long timeMillis, Reply reply) {
        Session session = sessions.get(ref.session());
        if (session == null) {
            return; // its own command was an expiry
        }
        byUse.remove(session);
        session.usedAt = at;
        session.usedMillis = timeMillis;
        byUse.add(session);
        session.replies.put(ref.sequence(), reply);
        session.fresh.add(ref.sequence());
        session.forgetThrough(ref.repliedThrough());
        while (session.replies.size() > WINDOW) {
            session.forgetThrough(session.replies.firstKey());
        }
        touch(session);
    }

    /** Ends the sessions idle longest; the payload says how many. */
    Reply expire(long idleSinceMillis, Version at) {
        int ended = 0;
        while (ended < EXPIRED_MAX && !byUse.isEmpty() && byUse.first().usedMillis < idleSinceMillis) {
            drop(byUse.first());
            ended++;
        }
        return new Reply(Status.OK, at, ByteBuffer.allocate(4).putInt(ended).array());
    }

    /** When the session idle longest was used; empty for no session. */
    OptionalLong usedMillis() {
        return byUse.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byUse.first().usedMillis);
    }

    private void touch(Session session) {
        if (!session.touched) {
            session.touched = true;
            touched.add(session);
        }
    }

    private void drop(Session session) {
        sessions.remove(session.id);
        byUse.remove(session);
        if (session.stored) {
            trees.delete(TREE, SessionRow.headerKey(session.id));
        }
        for (long lsn : session.rows.keySet()) {
            trees.delete(TREE, SessionRow.repliesKey(session.id, lsn));
        }
    }

    /** Writes what this entry changed, in the order in which sessions were first used by it. */
    void store(long lsn) {
        for (Session session : touched) {
            session.touched = false;
            if (sessions.get(session.id) == session) {
                store(session, lsn);
            }
        }
        touched.clear();
    }

    private void store(Session session, long lsn) {
        Version at = new Version(lsn, 0);
        trees.put(TREE, SessionRow.headerKey(session.id), SessionRow.header(session), at);
        session.stored = true;
        for (long row : session.takeDeadRows()) {
            trees.delete(TREE, SessionRow.repliesKey(session.id, row));
        }
        byte[] replies = SessionRow.freshReplies(session, lsn);
        if (replies != null) {
            trees.put(TREE, SessionRow.repliesKey(session.id, lsn), replies, at);
        }
    }
}
