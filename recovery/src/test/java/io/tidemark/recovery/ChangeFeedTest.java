package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Change;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
    private static final String HISTORY = "5b1e2a57-0000-4000-8000-000000000001";
    private static final String KEYSPACE = "files";
    private static final int PIECE = 7;

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final List<Change> told = new ArrayList<>();

    private ShippedEngine leader() {
        return new ShippedEngine(directory.resolve("leader"), HISTORY, store);
    }

    private ChangeFeed feed(long from) {
        Path scratch = directory.resolve("feed-" + from);
        return new ChangeFeed(new HistoryReader(store), HISTORY, () -> ShippedEngine.open(scratch), from, told::add);
    }

    /** The leader's log, of which everything up to {@code begin} is gone. */
    private static ChangeFeed.Tail log(ShippedEngine leader, long begin) {
        return lsn -> {
            if (lsn < begin) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, "the log begins at " + begin);
            }
            List<LogEntry> piece = new ArrayList<>();
            long end = Math.min(leader.engine().state().applied(), lsn + PIECE - 1);
            for (long next = lsn; next <= end; next++) {
                piece.add(leader.logged(next));
            }
            return piece;
        };
    }

    private static void run(ChangeFeed feed, ChangeFeed.Tail tail) {
        while (feed.step(tail, p -> {})) {
            // until there is nothing new
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void applied(Map<String, String> state, Change change) {
        switch (change.kind()) {
            case PUT -> state.put(text(change.key()), text(change.value()));
            case DELETE -> assertTrue(state.remove(text(change.key())) != null, "was not there: " + change);
            case DELETE_RANGE ->
                state.keySet()
                        .removeIf(key -> (change.key() == null || key.compareTo(text(change.key())) >= 0)
                                && (change.to() == null || key.compareTo(text(change.to())) < 0));
        }
    }

    private Map<String, String> stored(ShippedEngine leader) {
        Map<String, String> state = new TreeMap<>();
        leader.engine()
                .scan(KEYSPACE, null, null, 10_000, 64 << 20)
                .rows()
                .forEach(row -> state.put(text(row.key()), text(row.value())));
        return state;
    }

    @Test
    void everyChangeComesOnceInOrderOverTheSeamOfS3AndLog() {
        for (int seed = 1; seed <= 5; seed++) {
            told.clear();
            SimulatedObjectStore s3 = new SimulatedObjectStore();
            Random random = new Random(seed);
            Path scratch = directory.resolve("seam-" + seed);
            try (ShippedEngine leader = new ShippedEngine(directory.resolve("leader-" + seed), HISTORY, s3);
                    ChangeFeed feed = new ChangeFeed(
                            new HistoryReader(s3), HISTORY, () -> ShippedEngine.open(scratch), 0, told::add)) {
                Map<String, String> state = new TreeMap<>();
                int done = 0;
                for (int round = 0; round < 6; round++) {
                    leader.work(random, 40);
                    if (random.nextInt(3) == 0) {
                        leader.commit(new Operation.DeleteRange(KEYSPACE, bytes("key-2"), bytes("key-3"), 64));
                    }
                    long gone = random.nextBoolean()
                            ? leader.ship() + 1
                            : leader.engine().state().shipped() + 1;
                    run(feed, log(leader, random.nextBoolean() ? gone : 0));
                    assertEquals(leader.engine().state().applied(), feed.position());
                    for (; done < told.size(); done++) {
                        applied(state, told.get(done));
                    }
                    assertEquals(stored(leader), state, "seed " + seed + ", round " + round);
                }
                for (int i = 1; i < told.size(); i++) {
                    assertTrue(
                            told.get(i - 1).at().compareTo(told.get(i).at()) < 0, told.get(i - 1) + ", " + told.get(i));
                }
            }
        }
    }

    @Test
    void aTransactionIsToldWithItsCommitAndNothingOfWhatWasTakenBack() {
        try (ShippedEngine leader = leader();
                ChangeFeed feed = feed(0)) {
            leader.put("a", 1);
            leader.put("d", 1);
            long id = number(leader.commit(new Operation.Begin(60_000)));
            leader.within(id, put("b", "one"));
            long savepoint = number(leader.within(id, new Operation.Savepoint()));
            leader.within(id, put("c", "gone"));
            leader.within(id, put("b", "gone"));
            leader.within(id, new Operation.RollbackTo(savepoint, 100));
            leader.within(id, new Operation.Delete(KEYSPACE, bytes("a"), Precondition.NONE));
            long other = number(leader.commit(new Operation.Begin(60_000)));
            leader.within(other, put("d", "never"));
            leader.within(other, new Operation.Rollback(100));
            run(feed, log(leader, 0));
            assertEquals(2, told.size(), told::toString);
            Reply committed = leader.within(id, new Operation.Commit(0));
            run(feed, log(leader, 0));
            assertEquals(4, told.size(), told::toString);
            Change deleted = told.get(2);
            Change set = told.get(3);
            assertEquals(Change.Kind.DELETE, deleted.kind());
            assertEquals("a", text(deleted.key()));
            assertEquals("b one", text(set.key()) + " " + text(set.value()));
            assertEquals(committed.version().lsn(), deleted.at().lsn());
            assertEquals(deleted.at(), set.at());
        }
    }

    @Test
    void whatCameBeforeIsNotTold() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(3), 60);
            long from = leader.ship();
            leader.put("late", 10);
            try (ChangeFeed feed = feed(from)) {
                run(feed, log(leader, from));
                assertFalse(told.isEmpty());
                assertTrue(told.stream().allMatch(change -> change.at().lsn() >= from), told::toString);
                assertEquals("late", text(told.get(told.size() - 1).key()));
            }
        }
    }

    /** Entries that go on by number were told as if nothing had been lost between. */
    @Test
    void aFeedEndsWhereTheClusterGoesOnInAnotherHistory() {
        try (ShippedEngine leader = leader();
                ChangeFeed feed = feed(0)) {
            leader.work(new Random(4), 30);
            long shared = leader.ship();
            leader.work(new Random(5), 20);
            run(feed, log(leader, 0));
            assertTrue(feed.position() > shared);
            int all = told.size();
            String child = new Restore(
                            store,
                            () -> ShippedEngine.open(directory.resolve("restored")),
                            () -> "restored",
                            Pace.system(),
                            p -> {})
                    .run(Optional.of(HISTORY), Optional.empty())
                    .history();

            TidemarkException ended = assertThrows(
                    TidemarkException.class,
                    () -> feed.step(
                            lsn -> {
                                throw new OtherHistoryException(child);
                            },
                            p -> {}));

            assertEquals(ErrorKind.CONFLICT, ended.kind());
            assertTrue(ended.getMessage().contains("watch again from LSN " + (shared + 1)), ended.getMessage());
            assertEquals(all, told.size());
        }
    }

    @Test
    void aLogOfAnotherClusterIsNotFollowed() {
        try (ShippedEngine leader = leader();
                ChangeFeed feed = feed(0)) {
            leader.put("a", 1);
            leader.ship();
            for (String other : List.of("elsewhere", "here")) {
                HistoryRecord here = new HistoryRecord("here", "", -1, "here", 0);
                store.putIfAbsent(here.key(), here.encode());
                TidemarkException found = assertThrows(
                        TidemarkException.class,
                        () -> feed.step(
                                lsn -> {
                                    throw new OtherHistoryException(other);
                                },
                                p -> {}));
                assertEquals(ErrorKind.CONFLICT, found.kind());
                assertTrue(found.getMessage().contains("another cluster"), found.getMessage());
            }
        }
    }

    private static Operation put(String key, String value) {
        return new Operation.Put(KEYSPACE, bytes(key), bytes(value), Precondition.NONE);
    }

    private static long number(Reply reply) {
        return ByteBuffer.wrap(reply.payload()).getLong();
    }
}
