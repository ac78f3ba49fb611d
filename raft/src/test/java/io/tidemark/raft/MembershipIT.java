package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.guard.UnfitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MembershipIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void l3_aNewProcessOnADeadPeersPortIsNotCountedAsThatPeer() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.awaitRest(SOON);
            String leader = cluster.leaderName();
            List<String> others =
                    Stream.of("n1", "n2", "n3").filter(n -> !n.equals(leader)).toList();
            String wiped = others.get(0);
            cluster.stop(wiped);
            cluster.wipe(wiped);
            Member old = cluster.member(wiped);
            RaftNode stranger = cluster.startAs(new Member(wiped, 2, old.raft(), old.http()), List.of());
            cluster.await(
                    "the newcomer has what S3 has",
                    SOON,
                    () -> stranger.status().applied() > 0
                            && stranger.status().s3HighWaterMark()
                                    == stranger.status().applied());
            long fromS3 = stranger.status().applied();
            cluster.put("b", "with the other follower");
            cluster.stop(others.get(1));
            CompletableFuture<List<Reply>> lonely = cluster.node(leader).submit(List.of(put("c")));
            assertThrows(
                    CompletionException.class,
                    () -> lonely.orTimeout(6, TimeUnit.SECONDS).join());
            assertEquals(fromS3, stranger.status().applied(), "nothing reached it that was meant for another");
            assertTrue(cluster.refused(wiped) > 0);
        }
    }

    @Test
    void whoIsNamedLeads() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            String before = cluster.leaderName();
            for (String name : List.of("n1", "n2", "n3", "n3")) {
                cluster.awaitEqual(SOON);
                cluster.node(cluster.leaderName())
                        .transferLeadership(name)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
                assertEquals(name, cluster.leaderName(), "after " + before);
                cluster.put("a", name);
            }
            CompletableFuture<Void> nobody = cluster.node("n3").transferLeadership("n4");
            Throwable why =
                    assertThrows(CompletionException.class, nobody::join).getCause();
            assertEquals(ErrorKind.NOT_FOUND, ((TidemarkException) why).kind());
            CompletableFuture<Void> elsewhere = cluster.node("n1").transferLeadership("n2");
            assertTrue(
                    assertThrows(CompletionException.class, elsewhere::join).getCause() instanceof NotLeaderException);
        }
    }

    /** Writes waited for an election, 2.6 s half of the time, at each restart of a leader. */
    @Test
    void aLeaderThatIsStoppedHandsTheLeadOver() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.awaitEqual(SOON);
            cluster.stop(cluster.leaderName());
            assertTrue(
                    cluster.nodes().stream().anyMatch(n -> n.status().role() == NodeStatus.Role.LEADER),
                    "nobody leads");
            cluster.put("a", "2");
            assertEquals(List.of(), cluster.halts);
        }
    }

    @Test
    void l4_incarnationsAreHandedOutOnceAndTheSupersededOneStopsByName() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            String gone = cluster.leaderName().equals("n3") ? "n2" : "n3";
            Member first = cluster.member(gone);
            cluster.stop(gone);
            Path kept = dir.resolve("kept");
            TestCluster.copy(cluster.dirOf(gone), kept);
            cluster.wipe(gone);
            cluster.join(gone);
            cluster.admit(gone);
            assertEquals(2, cluster.member(gone).incarnation());
            cluster.awaitEqual(SOON);
            assertEquals(
                    3, (int) cluster.onLeader(n -> n.allocateIncarnation(gone).join()));

            cluster.stop(gone);
            cluster.wipe(gone);
            TestCluster.copy(kept, cluster.dirOf(gone));
            RaftNode superseded = cluster.startAs(first, cluster.founders());
            String why =
                    superseded.stopped().orTimeout(30, TimeUnit.SECONDS).join().why();
            assertTrue(why.contains(first.id()) && why.contains("no longer a member"), why);
            assertEquals(NodeStatus.Role.DOWN, superseded.status().role());
            TidemarkException late = (TidemarkException) assertThrows(
                            CompletionException.class,
                            () -> cluster.onLeader(n -> n.admit(first)
                                    .orTimeout(10, TimeUnit.SECONDS)
                                    .join()))
                    .getCause();
            assertEquals(ErrorKind.INVALID, late.kind());
            assertTrue(late.getMessage().contains("superseded"), late.getMessage());
        }
    }

    /**
     * A newcomer is fed old entries first. The configuration that it knows by then does not name it, and when it hears nobody
     * for the time of an election Ratis ends it, as here.
     */
    @Test
    void l4_aNewcomerThatRatisEndsBeforeItHasReadThatItIsAMemberBeginsAgain() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.awaitRest(SOON);
            String wiped = cluster.leaderName().equals("n3") ? "n2" : "n3";
            cluster.stop(wiped);
            cluster.wipe(wiped);
            RaftNode newcomer = cluster.join(wiped);
            cluster.await("it runs", SOON, () -> newcomer.status().notReady().contains("agreed on"));
            Divisions.of(newcomer).close();
            cluster.admit(wiped);
            cluster.put("b", "2");
            cluster.awaitEqual(SOON);
            assertFalse(newcomer.stopped().isDone());
        }
    }

    @Test
    void r5_aNodeWhoseRaftDirectoryIsGoneRefusesToStart() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.stop("n2");
            TestCluster.delete(cluster.dirOf("n2").resolve("raft"));
            TidemarkException refused = assertThrows(TidemarkException.class, () -> cluster.start("n2"));
            assertTrue(refused.getMessage().contains("joins as a new incarnation"), refused.getMessage());
            assertFalse(Files.exists(cluster.dirOf("n2").resolve("raft")));
        }
    }

    @Test
    void l5_aNodeWhoseLogWasCutDoesNotVoteWithItAndComesBackAsTheNextIncarnation() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.put("b", "2");
            cluster.awaitEqual(Duration.ofSeconds(20));
            String name = cluster.leaderName().equals("n3") ? "n2" : "n3";
            cluster.stop(name);
            Path log = openLog(cluster.dirOf(name).resolve("raft"));
            byte[] whole = Files.readAllBytes(log);
            Files.write(log, Arrays.copyOf(whole, endOfFirstEntry(whole)));
            TidemarkException refused = assertThrows(UnfitException.class, () -> cluster.start(name));
            assertTrue(refused.getMessage().contains("but it was synced up to"), refused.getMessage());
            cluster.wipe(name);
            cluster.join(name);
            cluster.admit(name);
            cluster.awaitEqual(Duration.ofSeconds(30));
            assertEquals("2", TestCluster.get(cluster.node(name), "b"));
        }
    }

    private static Path openLog(Path raft) throws IOException {
        try (Stream<Path> files = Files.walk(raft)) {
            return files.filter(path -> path.getFileName().toString().startsWith("log_inprogress_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Offset behind the first record: header, length in one byte or two, entry, checksum. */
    private static int endOfFirstEntry(byte[] file) {
        int low = file[8] & 0x7f;
        return file[8] >= 0 ? 8 + 1 + low + 4 : 8 + 2 + (low | file[9] << 7) + 4;
    }

    @Test
    void aPortInUseIsNamed() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            TidemarkException refused = assertThrows(TidemarkException.class, () -> cluster.start("n2"));
            assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
            assertTrue(refused.getMessage().contains(cluster.member("n2").raft()), refused.getMessage());
        }
    }

    private static Command put(String key) {
        return Command.of(new Operation.Put(
                TestCluster.KEYSPACE, key.getBytes(StandardCharsets.UTF_8), new byte[1], Precondition.NONE));
    }
}
