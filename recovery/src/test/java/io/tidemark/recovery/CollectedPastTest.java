package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Change;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.GarbageTerm;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PutOutcome;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
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

/** What is kept stays as it was, whatever of the past was collected; what is not says so. */
class CollectedPastTest {
    private static final String HISTORY = "5b1e2a57-0000-4000-8000-000000000001";
    private static final String CHILD = "5b1e2a57-0000-4000-8000-000000000002";
    private static final String MIDDLE = "5b1e2a57-0000-4000-8000-000000000003";
    private static final String KEYSPACE = "files";
    private static final RetentionOptions KEEP_TWO = new RetentionOptions(0, 2, 0, 50, 500);

    /** More of it: -Dtidemark.long=true. */
    private static final int ROUNDS = Boolean.getBoolean("tidemark.long") ? 40 : 4;

    private static final int LSNS = 3;

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final HistoryReader reader = new HistoryReader(store);
    private int stores;

    /** A leader, with the state after each entry of clients. */
    private final class Known implements AutoCloseable {
        final ShippedEngine leader;
        final TreeMap<Long, Map<String, String>> states = new TreeMap<>();

        Known(String history, Path where) {
            leader = new ShippedEngine(where, history, store, KEEP_TWO);
        }

        void work(Random random, int entries) {
            Map<String, String> state = new TreeMap<>(
                    states.isEmpty() ? Map.of() : states.lastEntry().getValue());
            for (int i = 0; i < entries; i++) {
                String key = "key-" + random.nextInt(30);
                if (random.nextInt(5) == 0) {
                    leader.delete(key);
                    state.remove(key);
                } else {
                    int bytes = random.nextInt(300);
                    leader.put(key, bytes);
                    state.put(key, key.repeat(1 + bytes / key.length()));
                }
                states.put(leader.engine().state().applied(), new TreeMap<>(state));
            }
        }

        Map<String, String> at(long lsn) {
            Map.Entry<Long, Map<String, String>> last = states.floorEntry(lsn);
            return last == null ? Map.of() : last.getValue();
        }

        long floor() {
            return leader.engine().state().retention().floor();
        }

        @Override
        public void close() {
            leader.close();
        }
    }

    private StoreDirectory place(String name) {
        return new StoreDirectory(directory.resolve(name + stores++), ShippedEngine::open);
    }

    private Map<String, String> viewed(String history, long lsn) {
        try (View view = View.open(reader, history, lsn, place("view"), p -> {})) {
            Map<String, String> state = new TreeMap<>();
            for (Row row : view.scan(KEYSPACE, null, null, 1_000, 1 << 22).rows()) {
                state.put(
                        new String(row.key(), StandardCharsets.UTF_8), new String(row.value(), StandardCharsets.UTF_8));
            }
            return state;
        }
    }

    private RestoreReport restore(StoreDirectory where, long lsn) {
        return fork(HISTORY, CHILD, where, lsn);
    }

    private RestoreReport fork(String parent, String child, StoreDirectory where, long lsn) {
        return new Restore(store, where, () -> child, Pace.system(), p -> {})
                .run(Optional.of(parent), Optional.of(lsn));
    }

    private void agree(Known known, Random random, String history) {
        long floor = Math.max(0, known.floor());
        long mark = known.leader.engine().state().shipped();
        for (int i = 0; i < LSNS; i++) {
            long lsn = i == 0 ? floor : floor + random.nextLong(mark - floor + 1);
            assertEquals(known.at(lsn), viewed(history, lsn), "at LSN " + lsn + " above the floor " + floor);
        }
    }

    private static void assertGone(long floor, org.junit.jupiter.api.function.Executable look) {
        TidemarkException gone = assertThrows(TidemarkException.class, look);
        assertEquals(ErrorKind.NOT_FOUND, gone.kind());
        assertTrue(gone.getMessage().contains("kept from LSN " + floor), gone.getMessage());
    }

    @Test
    void ct6_x3_afterAnyNumberOfCollectionsWhatIsKeptIsAsItWasAndTheRestSaysThatItIsGone() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            for (int round = 0; round < ROUNDS; round++) {
                known.work(random, 40 + random.nextInt(40));
                known.leader.checkpoint();
                known.leader.settle();
                agree(known, random, HISTORY);
            }
            long floor = known.floor();
            assertTrue(floor > 0, "no floor");
            assertEquals(floor, known.leader.engine().state().retention().collected());
            assertThrows(TidemarkException.class, () -> reader.covering(HISTORY, -1, floor));
            assertGone(floor, () -> viewed(HISTORY, floor - 1));
            assertGone(floor, () -> restore(place("gone"), floor - 1));
            assertFalse(store.keys().contains(HistoryRecord.key(CHILD)), "a restore that fails holds on to nothing");
            assertGone(floor, () -> feed(floor, new ArrayList<>()).close());
            VerifyReport verified =
                    new VerifyHistory(store, p -> {}).replaying(HISTORY, Optional.empty(), place("verify"));
            assertEquals(List.of(), verified.problems());
            assertEquals(
                    known.leader.engine().state().shipped(), verified.replayed().lsn());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** An entry is made at 1,000 + its LSN. */
    @Test
    void ct6_aTimeIsFoundInWhatIsKept() {
        Histories histories = new Histories(reader);
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            collect(known, new Random(8), 3);
            long floor = known.floor();
            long mark = known.leader.ship();
            assertThrows(TidemarkException.class, () -> reader.covering(HISTORY, -1, floor));
            restore(place("child"), mark);
            for (String history : List.of(HISTORY, CHILD)) {
                for (long lsn = floor + 1; lsn < mark; lsn++) {
                    assertEquals(known.at(lsn), known.at(histories.lsnAt(history, 1_000 + lsn)), "of LSN " + lsn);
                }
                assertEquals(mark, histories.lsnAt(history, Long.MAX_VALUE));
                assertGone(floor, () -> histories.lsnAt(history, 1_000));
            }
        }
    }

    /** Whether the floor's state held at a time, only what was before it can tell. */
    @Test
    void ct6_theStateAtTheFloorIsFoundWhereASegmentKnowsSinceWhen() {
        Histories histories = new Histories(reader);
        SealedSegment within = Entries.segment(
                HISTORY, 0, Entries.put(4, 1, 5), Entries.put(5, 1, 5), Entries.put(6, 1, 5), Entries.put(7, 1, 5));
        HistoryRecord record = new HistoryRecord(HISTORY, "", -1, HISTORY, 0);
        store.putIfAbsent(record.key(), record.encode());
        store.putIfAbsent(within.name().key(), within.bytes());

        Manifest midway = new Manifest(HISTORY, 7, 0, Entries.position(0), null, 5, 0);
        store.putIfAbsent(midway.key(), midway.encode());
        assertEquals(5, histories.lsnAt(HISTORY, 1_005));
        assertEquals(6, histories.lsnAt(HISTORY, 1_006));
        assertGone(5, () -> histories.lsnAt(HISTORY, 1_004));

        Manifest atTheEdge = new Manifest(HISTORY, 7, 1, Entries.position(0), null, 3, 0);
        store.putIfAbsent(atTheEdge.key(), atTheEdge.encode());
        assertEquals(4, histories.lsnAt(HISTORY, 1_004));
        assertGone(3, () -> histories.lsnAt(HISTORY, 1_003));

        Manifest nothingAbove = new Manifest(HISTORY, 7, 2, Entries.position(0), null, 7, 0);
        store.putIfAbsent(nothingAbove.key(), nothingAbove.encode());
        assertEquals(7, histories.lsnAt(HISTORY, 1_007));
        assertGone(7, () -> histories.lsnAt(HISTORY, 1_006));
    }

    private ChangeFeed feed(long from, List<Change> told) {
        return new ChangeFeed(reader, HISTORY, place("feed"), from, told::add);
    }

    @Test
    void aFeedBeginsAtACheckpointAndTellsTheSameAsOneThatSawAll() {
        List<Change> all = new ArrayList<>();
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            known.work(new Random(3), 60);
            long first = known.leader.checkpoint().lsn();
            try (ChangeFeed feed = feed(0, all)) {
                assertEquals(-1, feed.position());
                feed.replay(p -> {});
                known.work(new Random(4), 60);
                known.leader.ship();
                feed.replay(p -> {});
            }
            long from = first + 20;
            List<Change> late = new ArrayList<>();
            try (ChangeFeed feed = feed(from, late)) {
                assertEquals(first, feed.position(), "nothing before the checkpoint is replayed");
                feed.replay(p -> {});
            }
            assertEquals(
                    all.stream()
                            .filter(change -> change.at().lsn() >= from)
                            .map(Change::toString)
                            .toList()
                            .size(),
                    late.size());
            for (int i = 0; i < late.size(); i++) {
                assertEquals(
                        all.get(all.size() - late.size() + i).at(), late.get(i).at());
            }
            for (int round = 0; round < 3; round++) {
                known.work(new Random(round), 60);
                known.leader.checkpoint();
                known.leader.settle();
            }
            List<Change> kept = new ArrayList<>();
            try (ChangeFeed feed = feed(0, kept)) {
                assertEquals(known.floor(), feed.position(), "the beginning of what is kept");
                feed.replay(p -> {});
            }
            assertTrue(kept.get(0).at().lsn() > known.floor(), kept.toString());
        }
    }

    @Test
    void x3_aForkOutlivesTheCollectionOfItsParentAndHoldsNoMoreThanItNeeds() {
        Random random = new Random(11);
        try (Known parent = new Known(HISTORY, directory.resolve("parent"))) {
            for (int round = 0; round < 3; round++) {
                parent.work(random, 60);
                parent.leader.checkpoint();
                parent.leader.settle();
            }
            parent.work(random, 30);
            long mark = parent.leader.ship();
            long fork = parent.floor() + random.nextLong(mark - parent.floor() + 1);
            Map<String, String> then = parent.at(fork);
            StoreDirectory where = place("child");
            RestoreReport report = restore(where, fork);
            assertEquals(fork, report.fork());
            for (int round = 0; round < 3; round++) {
                parent.work(random, 60);
                parent.leader.checkpoint();
                parent.leader.settle();
            }
            assertTrue(parent.floor() > fork, "the parent's floor passes the fork");
            assertGone(parent.floor(), () -> viewed(HISTORY, fork));
            assertEquals(then, viewed(CHILD, fork));
            agree(parent, random, HISTORY);

            try (Known child = new Known(CHILD, where.directory())) {
                child.states.putAll(parent.states.headMap(fork, true));
                child.work(random, 20);
                child.leader.ship();
                long own = child.leader.engine().state().shipped();
                assertEquals(child.at(own), viewed(CHILD, own));
                long held = objects(HISTORY, fork);
                for (int round = 0; round < 4; round++) {
                    child.work(random, 60);
                    child.leader.checkpoint();
                    child.leader.settle();
                    agree(child, random, CHILD);
                }
                assertTrue(child.floor() > fork, "the child's floor passes the fork");
                parent.work(random, 60);
                parent.leader.checkpoint();
                parent.leader.settle();
                assertTrue(objects(HISTORY, fork) < held, "still held: " + store.keys());
                agree(child, random, CHILD);
                agree(parent, random, HISTORY);
            }
        }
    }

    /** The child names no checkpoint of its parent's: that it looks among them for one is no loss. */
    @Test
    void x3_aForkFromBeforeTheFirstCheckpointIsSoundWhenItsParentsFirstOnesAreCollected() {
        Random random = new Random(13);
        try (Known parent = new Known(HISTORY, directory.resolve("parent"))) {
            parent.work(random, 40);
            long fork = parent.leader.ship();
            restore(place("child"), fork);
            collect(parent, random, 5);
            assertTrue(parent.floor() > fork);

            VerifyReport verified =
                    new VerifyHistory(store, p -> {}).replaying(CHILD, Optional.empty(), place("verify"));
            assertEquals(List.of(), verified.problems());
            assertEquals(fork, verified.replayed().lsn());
            assertEquals(parent.at(fork), viewed(CHILD, fork));
        }
    }

    /** What is seen of the eldest ends at the lowest fork on the way to it. */
    @Test
    void x3_aForkBelowItsParentsForkOutlivesTheCollectionOfAllItsAncestors() {
        Random random = new Random(12);
        StoreDirectory middle = place("middle");
        StoreDirectory low = place("low");
        try (Known eldest = new Known(HISTORY, directory.resolve("eldest"))) {
            collect(eldest, random, 3);
            eldest.work(random, 30);
            long fork = eldest.leader.ship();
            long below = eldest.floor() + 1 + random.nextLong(fork - eldest.floor() - 1);
            fork(HISTORY, MIDDLE, middle, fork);
            fork(MIDDLE, CHILD, low, below);
            collect(eldest, random, 3);
            assertTrue(eldest.floor() > fork, "the eldest's floor passes both forks");
            try (Known parent = new Known(MIDDLE, middle.directory());
                    Known child = new Known(CHILD, low.directory())) {
                parent.states.putAll(eldest.states.headMap(fork, true));
                child.states.putAll(eldest.states.headMap(below, true));
                child.work(random, 60);
                child.leader.ship();
                agree(child, random, CHILD);
                collect(parent, random, 3);
                agree(parent, random, MIDDLE);
                agree(child, random, CHILD);
                assertEquals(
                        List.of(),
                        new VerifyHistory(store, p -> {})
                                .replaying(CHILD, Optional.empty(), place("verify"))
                                .problems());
                collect(child, random, 3);
                collect(eldest, random, 1);
                agree(child, random, CHILD);
            }
        }
    }

    private void collect(Known known, Random random, int rounds) {
        for (int round = 0; round < rounds; round++) {
            known.work(random, 60);
            known.leader.checkpoint();
            known.leader.settle();
        }
    }

    /** Segments and packs of a history up to an LSN. */
    private long objects(String history, long through) {
        return store.keys().stream()
                .filter(key -> key.startsWith(history + "/log/") || key.startsWith(history + "/pages/"))
                .filter(key -> Long.parseLong(key.split("/")[2].substring(0, 20)) <= through)
                .count();
    }

    /** Something happens at one of its requests, before or after it was done. */
    private record AtRequest(SimulatedObjectStore store, int[] left, boolean after, Runnable what)
            implements ObjectStore {
        private <T> T request(java.util.function.Supplier<T> request) {
            boolean isIt = --left[0] == 0;
            if (isIt && !after) {
                what.run();
            }
            T answer = request.get();
            if (isIt && after) {
                what.run();
            }
            return answer;
        }

        @Override
        public PutOutcome putIfAbsent(String key, byte[] bytes) {
            return request(() -> store.putIfAbsent(key, bytes));
        }

        @Override
        public Optional<byte[]> get(String key) {
            return request(() -> store.get(key));
        }

        @Override
        public Optional<byte[]> getRange(String key, long offset, int length) {
            return request(() -> store.getRange(key, offset, length));
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            return request(() -> store.head(key));
        }

        @Override
        public Page page(String prefix, String startAfter) {
            return request(() -> store.page(prefix, startAfter));
        }

        @Override
        public List<String> folders(String prefix) {
            return request(() -> store.folders(prefix));
        }

        @Override
        public void delete(String key) {
            request(() -> {
                store.delete(key);
                return key;
            });
        }

        @Override
        public void close() {}
    }

    private static void crash() {
        throw new CrashedException();
    }

    private static final class CrashedException extends IllegalStateException {
        private static final long serialVersionUID = 1L;
    }

    private static void finish(GarbageTerm term) {
        for (int i = 0; i < 2_000; i++) {
            term.step();
        }
        assertEquals(null, term.error());
    }

    /** All decisions are made; what the last of them removed is there again. */
    private SimulatedObjectStore decided(Known known) {
        Random random = new Random(5);
        SimulatedObjectStore before = null;
        for (int round = 0; round < 4; round++) {
            known.work(random, 40);
            known.leader.checkpoint();
            before = store.copy();
            known.leader.settle();
        }
        for (String key : store.keys()) {
            before.putIfAbsent(key, store.peek(key));
        }
        return before;
    }

    /** What was listed and then collected was called a difference. */
    @Test
    void x3_aHistoryIsSoundWheneverItIsCollectedWhileItIsVerified() {
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            SimulatedObjectStore before = decided(known);
            int[] left = {1};
            int n = 1;
            for (; left[0] <= 0 || n == 1; n++) {
                SimulatedObjectStore collected = before.copy();
                left = new int[] {n};
                AtRequest meanwhile =
                        new AtRequest(collected, left, n % 2 == 0, () -> finish(known.leader.garbage(collected)));
                VerifyReport report =
                        new VerifyHistory(meanwhile, p -> {}).replaying(HISTORY, Optional.empty(), place("verify"));
                assertEquals(List.of(), report.problems(), "collected at request " + n);
                assertEquals(
                        known.leader.engine().state().shipped(),
                        report.replayed().lsn());
            }
            assertTrue(n > 50, n + " requests");
        }
    }

    /** A long listing comes in parts, the manifests after the roots and segments that they name. */
    @Test
    void aHistoryIsSoundThoughItGrowsBetweenTwoPartsOfItsListing() {
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            known.work(new Random(5), 40);
            known.leader.checkpoint();
            SimulatedObjectStore before = store.copy();
            known.work(new Random(6), 40);
            known.leader.checkpoint();
            known.leader.ship();
            ObjectStore inParts = (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, call, with) -> {
                        if (call.isDefault()) {
                            return InvocationHandler.invokeDefault(proxy, call, with);
                        }
                        boolean ofEarlyPart = call.getName().equals("page")
                                && with[1] == null
                                && List.of(HISTORY + "/", SegmentName.folder(HISTORY))
                                        .contains(with[0]);
                        return call.invoke(ofEarlyPart ? before : store, with);
                    });
            VerifyReport report = new VerifyHistory(inParts, p -> {}).objects(HISTORY);
            assertEquals(List.of(), report.problems());
        }
    }

    @Test
    void x3_aLeaderThatGoesAtAnyRequestOfACollectionLeavesNothingThatTheNextDoesNotFinish() {
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            SimulatedObjectStore before = decided(known);
            SimulatedObjectStore whole = before.copy();
            finish(known.leader.garbage(whole));
            assertEquals(store.keys(), whole.keys());
            int crashes = 0;
            for (int n = 1; ; n++) {
                SimulatedObjectStore torn = before.copy();
                int[] left = {n};
                GarbageTerm first =
                        known.leader.garbage(new AtRequest(torn, left, n % 2 == 0, CollectedPastTest::crash));
                try {
                    finish(first);
                    break;
                } catch (CrashedException e) {
                    crashes++;
                }
                assertTrue(torn.keys().containsAll(whole.keys()), "crash " + n);
                finish(known.leader.garbage(torn));
                assertEquals(whole.keys(), torn.keys(), "crash " + n);
            }
            assertTrue(crashes > 10, crashes + " requests");
        }
    }

    @Test
    void theEntriesOfACollectedHistoryAreThoseOfItsLog() {
        try (Known known = new Known(HISTORY, directory.resolve("leader"))) {
            for (int round = 0; round < 3; round++) {
                known.work(new Random(round), 50);
                known.leader.checkpoint();
                known.leader.settle();
            }
            long floor = known.floor();
            long mark = known.leader.engine().state().shipped();
            List<LogEntry> found = new ArrayList<>();
            for (HistoryReader.Piece piece : reader.covering(HISTORY, floor, mark)) {
                reader.segment(piece.segment()).forEach(entry -> {
                    if (entry.lsn() >= piece.from() && entry.lsn() <= piece.to()) {
                        found.add(entry);
                    }
                });
            }
            assertEquals(mark - floor, found.size());
            found.forEach(entry -> assertEquals(known.leader.logged(entry.lsn()), entry));
        }
    }
}
