package io.tidemark.shipper.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.shipper.checkpoint.CheckpointTerm.Phase;
import io.tidemark.shipper.checkpoint.EngineCluster.Proposing;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointTermTest {
    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final EngineCluster cluster = new EngineCluster(store);
    private final Leader leader = new Leader(cluster, store, new Random(7));

    @AfterEach
    void close() {
        cluster.close();
    }

    private void write(int keys) {
        for (int i = 0; i < keys; i++) {
            cluster.put("key-" + i % 90, 150 + (int) (cluster.last() % 200));
        }
        leader.node().applyAll();
    }

    @Test
    void ct3_aCheckpointFollowsOnceEnoughLogIsShipped() {
        leader.elected();
        write(10);
        leader.run(200);
        assertEquals(Checkpoint.NONE, cluster.newest());

        write(200);
        leader.run(2_000);

        assertTrue(cluster.newest().lsn() > 0);
        assertEquals(Optional.of(cluster.newest()), cluster.namedByNewestManifest());
        assertTrue(cluster.logBytesAboveCheckpoint() < Leader.OPTIONS.logBytes() + 4_000);
        assertNull(leader.pages().error());
    }

    @Test
    void ct3_checkpointsGoOnFromOneAnotherAndTheLogAboveThemStaysBounded() {
        leader.elected();
        for (int round = 0; round < 12; round++) {
            write(100);
            leader.run(1_500);
            assertTrue(
                    cluster.logBytesAboveCheckpoint() < 2 * Leader.OPTIONS.logBytes() + 4_000,
                    cluster.logBytesAboveCheckpoint() + " bytes above " + cluster.newest());
        }
        List<Checkpoint> all = cluster.accepted();
        assertTrue(all.size() > 3, all.size() + " checkpoints");
        for (int i = 1; i < all.size(); i++) {
            assertEquals(all.get(i - 1).lsn(), all.get(i).base());
        }
        DirectoryRoot last = PageDirectory.open(
                        store, cluster.newest().directory(), cluster.newest().sha256())
                .root();
        assertEquals(all.get(all.size() - 2).directory(), last.base().root());
    }

    @Test
    void m3_atRestACheckpointMakesNoFurtherWork() {
        leader.elected();
        write(300);
        leader.run(3_000);
        long last = cluster.last();
        int requests = store.requests();

        leader.run(500);

        assertEquals(last, cluster.last());
        assertEquals(requests, store.requests());
    }

    @Test
    void c1_noCheckpointIsNamedWhileMostMembersDoNotSayThatTheyHaveTheSameChain() {
        leader.agreed(false);
        leader.elected();
        write(200);
        leader.run(2_000);
        assertEquals(Checkpoint.NONE, cluster.newest());
        assertEquals(Phase.CONFIRMING, leader.pages().phase());
        assertTrue(
                leader.pages().error().contains("most members"), leader.pages().error());

        leader.agreed(true);
        leader.run(1_000);
        assertEquals(1, cluster.accepted().size());
    }

    @Test
    void ct2_aNewLeaderAbandonsAnUnfinishedCheckpointAndCutsAnew() {
        leader.elected();
        write(200);
        leader.runUntil(() -> leader.pages().phase() == Phase.UPLOADING);
        leader.pages().step();
        Leader next = new Leader(cluster, store, new Random(8));

        next.elected();
        next.run(3_000);

        assertEquals(1, cluster.accepted().size());
        assertTrue(next.pages().phase() == Phase.WAITING);
        leader.node().applyAll();
        leader.pages().step();
        assertEquals(Phase.WAITING, leader.pages().phase(), "the old one finds that it is too late");
    }

    @Test
    void x3_noCheckpointIsNamedBeforeTheMarkHasPassedTheBeginningOfTheTerm() {
        leader.elected();
        write(200);
        leader.runUntil(() -> leader.pages().ready().isPresent());
        long ready = leader.pages().ready().orElseThrow().lsn();
        store.keys().stream()
                .filter(k -> k.contains("/manifest/"))
                .forEach(k -> assertTrue(
                        !new String(store.peek(k), java.nio.charset.StandardCharsets.UTF_8).contains("\"lsn\" : "), k));
        assertEquals(Checkpoint.NONE, cluster.newest());

        leader.run(2_000);

        assertEquals(ready, cluster.newest().lsn());
        long term = leader.node().engine().state().terms().stream()
                .mapToLong(t -> t.firstLsn())
                .max()
                .orElseThrow();
        assertTrue(cluster.shipped() >= term);
    }

    @Test
    void aPausedLeaderThatNamesItsCheckpointLateDoesNoHarm() {
        leader.elected();
        write(200);
        leader.runUntil(() -> leader.pages().ready().isPresent());
        Leader next = new Leader(cluster, store, new Random(8));
        next.elected();
        next.run(3_000);
        Checkpoint newest = cluster.newest();

        leader.node().proposing(Proposing.REFUSES_LEADERSHIP);
        leader.run(500);

        assertEquals(newest, cluster.newest());
        next.run(500);
        write(100);
        next.node().applyAll();
        next.run(2_000);
        assertNotEquals(newest, cluster.newest());
        assertEquals(Optional.of(cluster.newest()), cluster.namedByNewestManifest());
    }

    @Test
    void aLostAnswerToAnAnnouncementIsFoundInTheState() {
        leader.elected();
        write(200);
        leader.runUntil(() -> leader.pages().ready().isPresent());
        leader.node().proposing(Proposing.LOSES_ANSWER);
        leader.run(50);
        leader.node().applyAll();
        leader.node().proposing(Proposing.APPLIES);
        leader.run(500);

        assertEquals(1, cluster.accepted().size());
        assertEquals(Phase.WAITING, leader.pages().phase());
    }

    @Test
    void withoutS3ACheckpointWaitsAndSaysWhy() {
        leader.elected();
        write(200);
        leader.runUntil(() -> leader.pages().phase() == Phase.UPLOADING);
        store.available(false);
        leader.pages().step();
        assertTrue(leader.pages().error().contains("away"), leader.pages().error());
        store.available(true);
        leader.run(2_000);
        assertNull(leader.pages().error());
        assertEquals(1, cluster.accepted().size());
    }

    @Test
    void aLostBaseIsNamedAndTheLogIsShippedOn() {
        leader.elected();
        write(200);
        leader.run(2_000);
        store.lose(cluster.newest().directory());
        write(200);
        leader.run(2_000);

        assertTrue(
                leader.pages().error().contains(cluster.newest().directory()),
                leader.pages().error());
        assertTrue(!cluster.hasClientEntries());
    }
}
