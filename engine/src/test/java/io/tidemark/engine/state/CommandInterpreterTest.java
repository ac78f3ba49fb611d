package io.tidemark.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommandInterpreterTest {
    private static final String KEYSPACE = "default";

    private final MapTrees trees = new MapTrees();
    private CommandInterpreter interpreter = new CommandInterpreter(trees);
    private long lsn = -1;
    private long term = 1;
    private long clock = 1000;

    @Test
    void e1_aConditionSeesWhatTheCommandBeforeItInTheSameEntryDid() {
        List<Reply> replies = apply(
                Command.of(put("k", "first", Precondition.ABSENT)),
                Command.of(put("k", "second", Precondition.ABSENT)));
        assertEquals(Status.OK, replies.get(0).status());
        assertEquals(Status.CONDITION_FAILED, replies.get(1).status());
        assertEquals(new Version(lsn, 0), replies.get(1).version());
        assertEquals("first", value("k"));
    }

    @Test
    void e1_versionsTellTwoCommandsOfOneEntryApart() {
        List<Reply> replies = apply(
                Command.of(put("k", "first", Precondition.NONE)), Command.of(put("k", "second", Precondition.NONE)));
        Version first = replies.get(0).version();
        Reply late = apply(Command.of(new Delete(KEYSPACE, bytes("k"), new Precondition.VersionIs(first))))
                .get(0);
        assertEquals(Status.CONDITION_FAILED, late.status());
        assertEquals("second", value("k"));
    }

    @Test
    void e9_aRetryIsAnsweredAsTheFirstTimeAndChangesNothing() {
        Version session = openSession();
        Command write = new Command(new SessionRef(session, 1, 0), put("k", "v", Precondition.ABSENT));
        Reply first = apply(write).get(0);
        apply(Command.of(new Delete(KEYSPACE, bytes("k"), Precondition.NONE)));
        assertEquals(first, apply(write).get(0));
        assertTrue(trees.get(KEYSPACE, bytes("k")).isEmpty());
    }

    @Test
    void e9_aRetryInTheSameEntryIsAppliedOnce() {
        Version session = openSession();
        Command write = new Command(new SessionRef(session, 1, 0), put("k", "v", Precondition.ABSENT));
        List<Reply> replies = apply(write, write);
        assertEquals(Status.OK, replies.get(0).status());
        assertEquals(replies.get(0), replies.get(1));
    }

    @Test
    void e9_sessionsAreRecognisedAfterARestart() {
        Version session = openSession();
        Command one = new Command(new SessionRef(session, 1, 0), put("k", "v", Precondition.ABSENT));
        Command two = new Command(new SessionRef(session, 2, 0), put("k", "w", Precondition.ABSENT));
        List<Reply> replies = apply(one, two);
        interpreter = new CommandInterpreter(trees);
        assertEquals(replies, apply(one, two));
    }

    @Test
    void e9_anUnknownSessionOrASequenceBelowTheWindowIsNeverApplied() {
        Command stranger = new Command(new SessionRef(new Version(77, 0), 1, 0), put("k", "v", Precondition.NONE));
        assertEquals(Status.OUTCOME_UNKNOWN, apply(stranger).get(0).status());

        Version session = openSession();
        apply(new Command(new SessionRef(session, 5, 4), put("k", "v", Precondition.NONE)));
        Command late = new Command(new SessionRef(session, 4, 3), put("k", "late", Precondition.NONE));
        assertEquals(Status.OUTCOME_UNKNOWN, apply(late).get(0).status());
        assertEquals("v", value("k"));
    }

    @Test
    void e9_repliesThatTheClientHasTakeNoRoom() {
        Version session = openSession();
        for (int i = 1; i <= 100; i++) {
            apply(new Command(new SessionRef(session, i, i - 1), put("k", "v" + i, Precondition.NONE)));
        }
        assertEquals(2, trees.size(SessionTable.TREE), "the session and its last replies");
    }

    @Test
    void e9_theWindowIsBoundedWhenAClientNeverSaysWhatItHas() {
        Version session = openSession();
        int sent = SessionTable.WINDOW + 10;
        for (int i = 1; i <= sent; i++) {
            apply(new Command(new SessionRef(session, i, 0), put("k", "v", Precondition.NONE)));
        }
        assertEquals(1 + SessionTable.WINDOW, trees.size(SessionTable.TREE));
        assertEquals(
                Status.OUTCOME_UNKNOWN,
                apply(new Command(new SessionRef(session, 10, 0), put("k", "v", Precondition.NONE)))
                        .get(0)
                        .status());
    }

    @Test
    void e9_pastTheLimitTheSessionIdleLongestIsForgotten() {
        Version first = openSession();
        Version second = openSession();
        apply(new Command(new SessionRef(first, 1, 0), put("k", "v", Precondition.NONE)));
        for (int i = 2; i < SessionTable.SESSIONS_MAX; i++) {
            openSession();
        }
        openSession();
        assertEquals(SessionTable.SESSIONS_MAX, interpreter.openSessions());
        Command ofFirst = new Command(new SessionRef(first, 2, 1), put("k", "v", Precondition.NONE));
        Command ofSecond = new Command(new SessionRef(second, 1, 0), put("k", "v", Precondition.NONE));
        assertEquals(Status.OK, apply(ofFirst).get(0).status());
        assertEquals(Status.OUTCOME_UNKNOWN, apply(ofSecond).get(0).status());
    }

    @Test
    void e7_sessionsExpireByAnEntryAndByTheClockOfTheLog() {
        Version idle = openSession();
        clock = 5000;
        Version used = openSession();
        clock = 100; // a leader whose clock is behind does not turn the log's clock back
        Reply reply = apply(Command.of(new ExpireSessions(5000))).get(0);
        assertEquals(5000, interpreter.state(lsn, term, 0).timeMillis());
        assertEquals(1, ByteBuffer.wrap(reply.payload()).getInt());
        assertEquals(
                Status.OUTCOME_UNKNOWN,
                apply(new Command(new SessionRef(idle, 1, 0), put("k", "v", Precondition.NONE)))
                        .get(0)
                        .status());
        assertEquals(
                Status.OK,
                apply(new Command(new SessionRef(used, 1, 0), put("k", "v", Precondition.NONE)))
                        .get(0)
                        .status());
    }

    @Test
    void m1_anAdvanceIsAcceptedOnlyIfItFollowsTheShippedMark() {
        apply(Command.of(new OpenSession()));
        apply(Command.of(new OpenSession()));
        apply(Command.of(new OpenSession()));
        assertEquals(Status.OK, advance(0, 1).status());
        Reply again = advance(0, 1);
        assertEquals(Status.REFUSED, again.status());
        assertEquals(new Version(1, 0), again.version());
        assertEquals(Status.REFUSED, advance(3, 3).status(), "leaves a gap");
        assertEquals(Status.REFUSED, advance(2, 99).status(), "names entries that do not exist yet");
        assertEquals(Status.OK, advance(2, 4).status());
        assertEquals(4, interpreter.state(lsn, term, 0).shipped());
    }

    @Test
    void m4_theStateHoldsTheTermHistoryAndTheConfiguration() {
        interpreter.apply(new LogEntry(0, 1, EntryKind.CONFIGURATION, bytes("conf-a")));
        interpreter.apply(new LogEntry(1, 1, EntryKind.METADATA, bytes("")));
        interpreter.apply(new LogEntry(2, 4, EntryKind.CONFIGURATION, bytes("conf-b")));
        interpreter = new CommandInterpreter(trees);
        State state = interpreter.state(2, 4, 0);
        assertEquals(List.of(new TermStart(1, 0), new TermStart(4, 2)), state.terms());
        assertEquals(OptionalLong.of(1), state.termOf(1));
        assertEquals(OptionalLong.of(4), state.termOf(2));
        assertEquals(OptionalLong.empty(), state.termOf(3));
        assertArrayEquals(bytes("conf-b"), state.configuration());
        assertEquals(2, state.configurationLsn());
        LogEntry older = new LogEntry(3, 3, EntryKind.METADATA, bytes(""));
        assertThrows(IllegalStateException.class, () -> interpreter.apply(older));
    }

    @Test
    void h2_aNewHistorySetsTheShippedMarkToItsForkOnce() {
        openSession();
        openSession();
        Reply started =
                apply(Command.of(new HistoryStarted("child", "parent", 1))).get(0);
        assertEquals(Status.OK, started.status());
        State state = interpreter.state(lsn, term, 0);
        assertEquals("child", state.history());
        assertEquals("parent", state.parentHistory());
        assertEquals(1, state.fork());
        assertEquals(1, state.shipped());
        assertEquals(
                Status.REFUSED,
                apply(Command.of(new HistoryStarted("child", "parent", 1)))
                        .get(0)
                        .status());
    }

    @Test
    void p7_marksAndSessionsAreRowsOfSystemTreesAndNothingElse() {
        Version session = openSession();
        Command write = new Command(new SessionRef(session, 1, 0), put("k", "v", Precondition.NONE));
        Reply first = apply(write).get(0);
        advance(0, 1);
        State before = interpreter.state(lsn, term, 0);

        interpreter = new CommandInterpreter(trees);
        State after = interpreter.state(lsn, term, 0);
        assertEquals(before.shipped(), after.shipped());
        assertEquals(before.terms(), after.terms());
        assertEquals(before.timeMillis(), after.timeMillis());
        assertEquals(first, apply(write).get(0));
        assertEquals(List.of(KEYSPACE, SessionTable.TREE, SystemState.TREE), trees.names());
    }

    @Test
    void l4_anIncarnationIsNeverHandedOutTwice() {
        assertEquals(2, incarnation("n1"));
        assertEquals(3, incarnation("n1"));
        assertEquals(2, incarnation("n2"));
        interpreter = new CommandInterpreter(trees);
        assertEquals(4, incarnation("n1"));
    }

    private long incarnation(String node) {
        Reply reply = apply(Command.of(new AllocateIncarnation(node))).get(0);
        return ByteBuffer.wrap(reply.payload()).getLong();
    }

    private Reply advance(long first, long last) {
        return apply(Command.of(new AdvanceHighWater(first, last, "object", 1, new byte[32], 0)))
                .get(0);
    }

    private Version openSession() {
        return apply(Command.of(new OpenSession())).get(0).version();
    }

    private List<Reply> apply(Command... commands) {
        byte[] payload = EntryCodec.encode(new Entry(clock, List.of(commands)));
        return interpreter.apply(new LogEntry(++lsn, term, EntryKind.COMMANDS, payload));
    }

    private String value(String key) {
        return new String(trees.get(KEYSPACE, bytes(key)).orElseThrow().value(), StandardCharsets.UTF_8);
    }

    private static Operation put(String key, String value, Precondition precondition) {
        return new Put(KEYSPACE, bytes(key), bytes(value), precondition);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
