package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.checker.VersionOrder.Position;
import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one session may rely on, each process being one: it reads its own writes, what it reads and writes never goes back,
 * and what it writes comes after what it has read. Places are LSNs: {@code write [k, v]} and {@code delete [k, null]} carry
 * the version they were given, {@code read [k, v]} the version of what it saw (none if absent) and the LSN of the state.
 *
 * <p>Beyond sessions: what a read saw of the state at an LSN must be the latest acknowledged write up to it, whoever wrote
 * it. Values are unique for each key, so that a value has one version, for everybody.
 */
public final class SessionChecker implements Checker {

    /** A session read a state without its own write. */
    public static final String READ_YOUR_WRITES = "read-your-writes";
    /** A session read a state older than one it had read. */
    public static final String MONOTONIC_READS = "monotonic-reads";
    /** A session's write came before an earlier one of it. */
    public static final String MONOTONIC_WRITES = "monotonic-writes";
    /** A session's write came before what it had read. */
    public static final String WRITES_FOLLOW_READS = "writes-follow-reads";
    /** The state at an LSN lacks a write that was given that LSN or a lower one. */
    public static final String LOST = "lost-write";
    /** One value, two versions. */
    public static final String WRONG_VERSION = "wrong-version";
    /** A value that nobody wrote, or not yet, or whose write failed. */
    public static final String UNEXPECTED = "unexpected-value";

    private record Sight(Call call, Position position) {}

    /** What one session has done so far. */
    private static final class Session {
        final Map<String, Sight> written = new HashMap<>();
        final Map<String, Sight> read = new HashMap<>();
        Sight lastWrite;
        Call lastRead;
        long lastReadLsn = -1;
    }

    private final Map<List<String>, Call> writers = new HashMap<>();
    private final Map<List<String>, Sight> versions = new HashMap<>();
    private final Map<String, TreeMap<Position, Call>> timelines = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private Findings findings;

    @Override
    public Verdict check(History history, Limits limits) {
        SessionChecker judge = new SessionChecker();
        judge.findings = new Findings();
        judge.judge(history.calls());
        return judge.findings.verdict(history);
    }

    private void judge(List<Call> calls) {
        for (Call call : calls) {
            List<?> pair = Values.list(call.invoke().value());
            if (call.f().equals("write")) {
                writers.put(key(pair), call);
            } else if (call.f().equals("delete")) {
                deleted.add(Values.text(pair.get(0)));
            }
            if (call.ok() && !call.f().equals("read") && position(call) != null) {
                timelines
                        .computeIfAbsent(Values.text(pair.get(0)), k -> new TreeMap<>())
                        .put(position(call), call);
            }
        }
        Map<Integer, Session> sessions = new HashMap<>();
        for (Call call : calls) {
            Session session = sessions.computeIfAbsent(call.process(), p -> new Session());
            if (call.ok()) {
                List<?> pair = Values.list(call.value());
                switch (call.f()) {
                    case "read" -> read(call, pair, session);
                    case "write", "delete" -> wrote(call, pair, session);
                    default -> throw new IllegalArgumentException("a session knows no " + call.f() + ": " + call);
                }
                findings.count(call.f());
            }
        }
        findings.figure("sessions", sessions.size());
    }

    private static List<String> key(List<?> pair) {
        return List.of(Values.text(pair.get(0)), String.valueOf(pair.get(1)));
    }

    private static Position position(Call call) {
        return call.seen().version() == null ? null : Position.parse(call.seen().version());
    }

    private void wrote(Call call, List<?> pair, Session session) {
        Position position = position(call);
        if (position == null) {
            throw new IllegalArgumentException("a write without a version: " + call);
        }
        Sight before = session.lastWrite;
        if (before != null && position.compareTo(before.position()) <= 0) {
            findings.add(
                    MONOTONIC_WRITES,
                    before.call() + " was given " + before.call().seen().version() + ", then " + call + " the version "
                            + call.seen().version(),
                    before.call(),
                    call);
        }
        if (session.lastRead != null && position.lsn() <= session.lastReadLsn) {
            findings.add(
                    WRITES_FOLLOW_READS,
                    session.lastRead + " saw the state at LSN " + session.lastReadLsn + ", then " + call
                            + " was given the version " + call.seen().version(),
                    session.lastRead,
                    call);
        }
        session.lastWrite = new Sight(call, position);
        session.written.put(Values.text(pair.get(0)), session.lastWrite);
        if (call.f().equals("write")) {
            sighted(call, pair, position);
        }
    }

    private void read(Call call, List<?> pair, Session session) {
        String key = Values.text(pair.get(0));
        Position position = position(call);
        Long lsn = call.seen().lsn();
        Sight own = session.lastWrite;
        if (own != null && lsn != null && lsn < own.position().lsn()) {
            findings.add(
                    READ_YOUR_WRITES,
                    own.call() + " was given " + own.call().seen().version() + ", then " + call
                            + " read the state at LSN " + lsn,
                    own.call(),
                    call);
        } else {
            notBehind(READ_YOUR_WRITES, session.written.get(key), call, key, position);
        }
        if (session.lastRead != null && lsn != null && lsn < session.lastReadLsn) {
            findings.add(
                    MONOTONIC_READS,
                    session.lastRead + " read the state at LSN " + session.lastReadLsn + ", then " + call
                            + " that at LSN " + lsn,
                    session.lastRead,
                    call);
        } else {
            notBehind(MONOTONIC_READS, session.read.get(key), call, key, position);
        }
        if (lsn != null) {
            complete(call, key, position, lsn);
        }
        if (pair.get(1) != null) {
            sighted(call, pair, position);
            session.read.put(key, new Sight(call, position));
        }
        if (lsn != null && lsn >= session.lastReadLsn) {
            session.lastReadLsn = lsn;
            session.lastRead = call;
        }
    }

    private void complete(Call call, String key, Position position, long lsn) {
        TreeMap<Position, Call> timeline = timelines.get(key);
        Map.Entry<Position, Call> latest =
                timeline == null ? null : timeline.floorEntry(new Position(lsn, Long.MAX_VALUE));
        if (latest == null) {
            return;
        }
        boolean lacks = position == null
                ? latest.getValue().f().equals("write") && !deleted.contains(key)
                : position.compareTo(latest.getKey()) < 0;
        if (lacks) {
            findings.add(
                    LOST,
                    call + " read the state at LSN " + lsn + (position == null ? ": nothing" : " at " + position)
                            + ", though " + latest.getValue() + " was given " + latest.getKey(),
                    latest.getValue(),
                    call);
        }
    }

    private void notBehind(String type, Sight before, Call call, String key, Position position) {
        if (before == null || before.position() == null) {
            return;
        }
        boolean behind = position == null ? !deleted.contains(key) : position.compareTo(before.position()) < 0;
        if (behind) {
            findings.add(
                    type,
                    before.call() + " at " + before.call().seen().version() + ", then " + call + " saw "
                            + (position == null
                                    ? "nothing, though nobody deleted it"
                                    : call.seen().version()),
                    before.call(),
                    call);
        }
    }

    private void sighted(Call call, List<?> pair, Position position) {
        Call writer = writers.get(key(pair));
        if (writer == null || writer.fail() || call.ended() < writer.began()) {
            findings.add(
                    UNEXPECTED,
                    call + " saw a value that "
                            + (writer == null
                                    ? "nobody wrote"
                                    : writer.fail() ? writer + " did not write" : writer + " wrote later"),
                    call);
            return;
        }
        Sight before = versions.putIfAbsent(key(pair), new Sight(call, position));
        if (before != null && position != null && !position.equals(before.position())) {
            findings.add(
                    WRONG_VERSION,
                    pair.get(1) + " has the version " + before.call().seen().version() + " in " + before.call()
                            + ", and " + call.seen().version() + " in " + call,
                    before.call(),
                    call);
        }
    }
}
