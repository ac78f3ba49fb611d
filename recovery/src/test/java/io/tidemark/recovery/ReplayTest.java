package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final String HISTORY = "5b1e2a57-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final HistoryReader reader = new HistoryReader(store);
    private ShippedEngine leader;
    private Engine follower;

    @BeforeEach
    void start() {
        leader = new ShippedEngine(directory.resolve("leader"), HISTORY, store);
        follower = ShippedEngine.open(directory.resolve("follower"));
    }

    @AfterEach
    void stop() {
        leader.close();
        follower.close();
    }

    @Test
    void anEmptyEngineComesToTheNewestMarkWithTheLeadersChainAndContents() {
        leader.work(new Random(1), 120);
        long mark = leader.ship();
        List<Progress> progress = new ArrayList<>();

        Replay.Result result = new Replay(reader, progress::add).toNewest(follower, HISTORY);

        assertEquals(mark, result.mark());
        assertEquals(mark, follower.state().applied());
        assertEquals(
                leader.engine().chainAt(mark).orElseThrow(), follower.state().redoChain());
        assertTrue(result.segments() > 3, "several segments: " + result);
        assertEquals(mark + 1, result.entries());
        assertEquals(result.segments(), progress.size());
        assertEquals(mark, progress.get(progress.size() - 1).lsn());
        for (long lsn = mark + 1; lsn <= leader.engine().state().applied(); lsn++) {
            follower.apply(leader.logged(lsn));
        }
        assertEquals(leader.engine().contents(), follower.contents());
        assertEquals(leader.engine().state().terms(), follower.state().terms());
    }

    @Test
    void anEngineGoesOnFromItsOwnLsnAndTwiceIsOnce() {
        leader.work(new Random(2), 60);
        for (long lsn = 0; lsn < 20; lsn++) {
            follower.apply(leader.logged(lsn));
        }
        long mark = leader.ship();

        assertEquals(
                mark + 1 - 20, new Replay(reader).toNewest(follower, HISTORY).entries());
        assertEquals(0, new Replay(reader).toNewest(follower, HISTORY).entries());

        leader.work(new Random(3), 60);
        long next = leader.ship();
        assertEquals(next - mark, new Replay(reader).toNewest(follower, HISTORY).entries());
    }

    @Test
    void x2_w3_theChainProvesEverySegmentsEndAndADifferentStoreIsNamed() {
        leader.work(new Random(4), 40);
        leader.ship();
        follower.apply(leader.logged(0));
        follower.apply(leader.logged(1));
        LogEntry real = leader.logged(2);
        follower.apply(Entries.put(2, real.term(), "not what was agreed", new byte[] {1}));

        TidemarkException found =
                assertThrows(TidemarkException.class, () -> new Replay(reader).toNewest(follower, HISTORY));
        assertEquals(ErrorKind.CORRUPT, found.kind());
        assertTrue(found.getMessage().contains("rebuild this store"), found.getMessage());
        assertTrue(found.getMessage().contains(".seg"), found.getMessage());
    }

    @Test
    void l7_withS3AwayItSaysSoKeepsWhatItHasAndGoesOnLater() {
        leader.work(new Random(5), 120);
        long mark = leader.ship();
        Replay interrupted = new Replay(reader, p -> store.available(p.segments() < 2));

        TidemarkException away = assertThrows(TidemarkException.class, () -> interrupted.toNewest(follower, HISTORY));
        assertEquals(ErrorKind.UNAVAILABLE, away.kind());
        long reached = follower.state().applied();
        assertTrue(reached > 0 && reached < mark, "reached " + reached);

        store.available(true);
        assertEquals(
                mark - reached, new Replay(reader).toNewest(follower, HISTORY).entries());
        assertEquals(
                leader.engine().chainAt(mark).orElseThrow(), follower.state().redoChain());
    }

    @Test
    void aDamagedSegmentIsNamedAndNothingOfItsBlockApplied() {
        leader.work(new Random(6), 120);
        leader.ship();
        String second = store.keys().stream()
                .filter(k -> k.endsWith(".seg"))
                .skip(1)
                .findFirst()
                .orElseThrow();
        store.flip(second, 120, 1);
        for (boolean hashToo : new boolean[] {false, true}) {
            store.handOutDamage(hashToo);
            TidemarkException found =
                    assertThrows(TidemarkException.class, () -> new Replay(reader).toNewest(follower, HISTORY));
            assertEquals(ErrorKind.CORRUPT, found.kind());
            assertTrue(found.getMessage().contains(second), found.getMessage());
        }
        assertTrue(second.contains(String.format("/%020d-", follower.state().applied() + 1)));
    }

    @Test
    void aTargetBehindTheEngineOrBeyondS3IsRefused() {
        leader.work(new Random(7), 30);
        long mark = leader.ship();
        Replay replay = new Replay(reader);

        assertKind(ErrorKind.INVALID, () -> replay.to(follower, HISTORY, mark + 1));
        replay.to(follower, HISTORY, mark);
        assertKind(ErrorKind.INVALID, () -> replay.to(follower, HISTORY, mark - 1));
        assertKind(ErrorKind.NOT_FOUND, () -> replay.to(follower, "no such history", 3));
    }

    @Test
    void aHistoryWithoutAManifestHasNothingToReplay() {
        assertEquals(-1, new Replay(reader).toNewest(follower, HISTORY).mark());
        leader.engine().apply(Entries.commands(2, 1, new Operation.ObserveContents()));
        assertEquals(-1, follower.state().applied());
    }

    private static void assertKind(ErrorKind kind, org.junit.jupiter.api.function.Executable action) {
        assertEquals(kind, assertThrows(TidemarkException.class, action).kind());
    }
}
