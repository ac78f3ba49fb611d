package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.segment.SegmentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of pages in a real group: made by whoever leads, known to all, and what a newcomer begins with. */
class CheckpointIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private TestCluster cluster() {
        return cluster(new TestCluster(dir, "n1", "n2", "n3"));
    }

    private static TestCluster cluster(TestCluster cluster) {
        cluster.compareChains = true;
        cluster.shipper = cluster.shipper.toBuilder()
                .checkpoints(new CheckpointOptions(64 << 10, 256 << 10, 1 << 20, 50))
                .build();
        cluster.startAll();
        cluster.leader();
        return cluster;
    }

    private static void write(TestCluster cluster, String prefix, int count) {
        Random random = new Random(prefix.hashCode());
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[4_000];
            random.nextBytes(value);
            cluster.put(prefix + i, value);
        }
    }

    /** Every node knows the same newest checkpoint, which is newer than this. */
    private static Checkpoint awaitCheckpoint(TestCluster cluster, long above) {
        return cluster.until("a checkpoint above " + above, SOON, () -> {
            List<Checkpoint> all = cluster.nodes().stream()
                    .map(n -> n.engine().state().checkpoint())
                    .distinct()
                    .toList();
            return all.size() == 1 && all.get(0).lsn() > above ? all.get(0) : null;
        });
    }

    @Test
    void ct3_whoeverLeadsShipsCheckpointsAndEveryNodeKnowsTheNewest() {
        try (TestCluster cluster = cluster()) {
            write(cluster, "a", 40);
            Checkpoint first = awaitCheckpoint(cluster, -1);
            cluster.nodes().forEach(n -> assertTrue(n.status().checkpointLsn() >= first.lsn()));
            cluster.nextTerm();
            write(cluster, "b", 40);
            Checkpoint second = awaitCheckpoint(cluster, first.lsn());
            assertTrue(second.base() >= first.lsn());
            cluster.awaitRest(SOON);
            assertEquals(List.of(), cluster.halts);
        }
    }

    @Test
    void aNewcomerBeginsWithThePagesOfTheNewestCheckpoint() {
        try (TestCluster cluster = cluster()) {
            write(cluster, "a", 60);
            awaitCheckpoint(cluster, -1);
            cluster.awaitRest(SOON);
            String gone = cluster.leaderName().equals("n1") ? "n2" : "n1";
            cluster.stop(gone);
            cluster.wipe(gone);
            Checkpoint newest = cluster.leader().engine().state().checkpoint();
            loseSegmentsThrough(cluster, newest.lsn());

            cluster.join(gone);
            cluster.admit(gone);

            cluster.awaitEqual(SOON);
            write(cluster, "b", 5);
            cluster.awaitRest(SOON);
            cluster.awaitEqual(SOON);
            assertEquals(
                    cluster.leader().engine().contents().sha256(),
                    cluster.node(gone).engine().contents().sha256());
            assertEquals(List.of(), cluster.halts);
        }
    }

    /** It is a member, reads and applies, while next to none of its pages are here; when they may come they do. */
    @Test
    void ct5_aNewcomerIsAMemberBeforeItsPagesHaveCome() {
        try (TestCluster cluster = cluster()) {
            write(cluster, "a", 120);
            awaitCheckpoint(cluster, -1);
            cluster.awaitRest(SOON);
            String gone = cluster.leaderName().equals("n1") ? "n2" : "n1";
            cluster.stop(gone);
            cluster.wipe(gone);

            cluster.fillBytesPerSecond = 1;
            cluster.join(gone);
            cluster.admit(gone);
            write(cluster, "b", 5);
            cluster.awaitEqual(SOON);
            assertTrue(
                    cluster.node(gone).engine().tier().coldPages() > 20,
                    cluster.node(gone).engine().tier().toString());

            cluster.stop(gone);
            cluster.fillBytesPerSecond = 0;
            cluster.start(gone);
            write(cluster, "c", 5);
            cluster.until(
                    "all pages to come",
                    SOON,
                    () -> cluster.node(gone).engine().tier().coldPages() == 0 ? gone : null);
            cluster.awaitEqual(SOON);
            assertEquals(
                    cluster.leader().engine().contents().sha256(),
                    cluster.node(gone).engine().contents().sha256());
            assertEquals(List.of(), cluster.halts);
        }
    }

    /**
     * A node was away, or lagged, while its pages were given up and collected: it waited for them for ever, and was neither
     * of use nor replaced.
     */
    @Test
    void ct6_aNodeWhosePagesWereGivenUpStopsAndComesBackAsANewcomer() {
        Set<String> tooLate = ConcurrentHashMap.newKeySet();
        try (TestCluster cluster = coldCluster(
                (name, real) -> LatePages.refused(real, () -> tooLate.contains(name), ErrorKind.NOT_FOUND))) {
            String late = followerWithColdPages(cluster);
            RaftNode node = cluster.node(late);
            tooLate.add(late);

            write(cluster, "a", 60);
            cluster.await("it stops", SOON, () -> node.stopped().isDone());
            assertTrue(node.stopped().join().unfit(), node.stopped().join().why());
            assertEquals(List.of(), cluster.halts);

            cluster.stop(late);
            cluster.wipe(late);
            tooLate.clear();
            cluster.join(late);
            cluster.admit(late);
            cluster.awaitEqual(SOON);
            assertEquals(List.of(), cluster.halts);
        }
    }

    /** It said that it was starting, for as long as S3 was away. */
    @Test
    void ct1_aNodeThatWaitsForAPageSaysSoUntilItHasIt() {
        Set<String> without = ConcurrentHashMap.newKeySet();
        try (TestCluster cluster = coldCluster(
                (name, real) -> LatePages.refused(real, () -> without.contains(name), ErrorKind.UNAVAILABLE))) {
            String name = followerWithColdPages(cluster);
            cluster.stop(name);
            without.add(name);
            write(cluster, "a", 60);
            RaftNode waiting = cluster.start(name);
            cluster.await("it says what it waits for", SOON, () -> {
                String why = waiting.status().notReady();
                return why != null && why.contains("cannot be had");
            });
            without.clear();
            cluster.await("it is ready", SOON, () -> waiting.status().notReady() == null);
            cluster.awaitEqual(SOON);
            assertEquals(List.of(), cluster.halts);
        }
    }

    /** Applying alone fetched for one entry after another: with S3 slow a follower fell behind for good. */
    @Test
    void ct1_aFollowerFetchesThePagesOfSeveralComingEntriesAtOnce() {
        Set<String> slow = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        AtomicBoolean alone = new AtomicBoolean();
        try (TestCluster cluster = coldCluster((name, real) -> new LatePages(real, () -> {
            if (slow.contains(name)) {
                two.countDown();
                alone.compareAndSet(false, !reached(two));
            }
        }))) {
            String name = followerWithColdPages(cluster);
            slow.add(name);
            write(cluster, "a", 60);
            cluster.awaitEqual(SOON);
            assertTrue(two.getCount() == 0 && !alone.get(), "a page was asked for alone");
            assertEquals(List.of(), cluster.halts);
        }
    }

    /** Within half of the patience of the test; who waited in vain lets all others pass. */
    private static boolean reached(CountDownLatch latch) {
        try {
            boolean reached = latch.await(SOON.toSeconds() / 2, TimeUnit.SECONDS);
            latch.countDown();
            return reached;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With next to no room for pages on its disks. */
    private TestCluster coldCluster(BiFunction<String, ColdPages, ColdPages> colds) {
        TestCluster fresh = new TestCluster(dir, "n1", "n2", "n3");
        fresh.hotTierBytes = 64 << 10;
        fresh.colds = colds;
        return cluster(fresh);
    }

    private static String followerWithColdPages(TestCluster cluster) {
        write(cluster, "a", 60);
        // a checkpoint that has all of the pages above, none of which changes any more
        write(cluster, "b", 60);
        awaitCheckpoint(cluster, -1);
        String name = cluster.leaderName().equals("n1") ? "n2" : "n1";
        cluster.stop(name); // so that its pages are on its disk, from which they can leave
        RaftNode node = cluster.start(name);
        cluster.await("pages leave", SOON, () -> node.engine().tier().coldPages() > 4);
        return name;
    }

    /** Without them nothing can be replayed from the beginning. */
    private static void loseSegmentsThrough(TestCluster cluster, long lsn) {
        List<String> below = cluster.s3.keys().stream()
                .filter(key -> SegmentName.parse(key)
                        .filter(name -> name.last() <= lsn)
                        .isPresent())
                .toList();
        assertTrue(!below.isEmpty(), "no segment lies below " + lsn);
        below.forEach(cluster.s3::lose);
    }
}
