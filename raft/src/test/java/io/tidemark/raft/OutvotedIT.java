package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node's store has other bytes than the log says: the others notice, whoever leads. */
@Timeout(180)
class OutvotedIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private TestCluster cluster;

    @BeforeEach
    void make() {
        cluster = new TestCluster(dir, "n1", "n2", "n3");
        cluster.compareChains = true;
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /**
     * The node's engine is one that was behind, and took another entry than the log has: as if a bit had been flipped in
     * its memory while it applied it. Raft gives it what comes after.
     */
    private void corrupt(String name) throws IOException {
        cluster.awaitRest(SOON);
        corrupt(name, () -> {
            cluster.put("flipped", "right");
            cluster.awaitEqual(SOON);
        });
    }

    /** @param next has the log get, as its next entry, the one that the node's engine takes for another */
    private void corrupt(String name, Runnable next) throws IOException {
        corrupt(name, next, () -> {});
    }

    /** @param meanwhile what happens before the node is back */
    private void corrupt(String name, Runnable next, Runnable meanwhile) throws IOException {
        cluster.stop(name);
        Path engine = cluster.dirOf(name).resolve("engine");
        Path earlier = dir.resolve("earlier-" + name);
        TestCluster.copy(engine, earlier);
        cluster.start(name);
        next.run();
        cluster.stop(name);
        TestCluster.delete(engine);
        TestCluster.copy(earlier, engine);
        try (StorageEngine opened = cluster.openEngine(name)) {
            StorageEngine.State state = opened.state();
            opened.apply(new LogEntry(
                    state.applied() + 1,
                    state.term(),
                    EntryKind.COMMANDS,
                    EntryCodec.encode(new Entry(state.timeMillis(), List.of(Command.of(put("flipped", "wrong")))))));
        }
        meanwhile.run();
        cluster.start(name);
    }

    private static Operation put(String key, String value) {
        return new Operation.Put(
                TestCluster.KEYSPACE,
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8),
                Precondition.NONE);
    }

    private void comesBack(String name) {
        cluster.stop(name);
        cluster.wipe(name);
        cluster.join(name);
        cluster.admit(name);
        cluster.put("after", "all");
        cluster.awaitEqual(SOON);
        assertEquals("right", TestCluster.get(cluster.node(name), "flipped"));
        assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
    }

    @Test
    void c1_anOutvotedFollowerStopsAndMayComeBackWithOtherFiles() throws IOException {
        cluster.startAll();
        cluster.put("a", "1");
        cluster.awaitEqual(SOON);
        String name = cluster.leaderName().equals("n3") ? "n2" : "n3";
        corrupt(name);
        cluster.put("b", "2");
        NodeEnd end =
                cluster.node(name).stopped().orTimeout(60, TimeUnit.SECONDS).join();
        assertTrue(end.unfit(), end.toString());
        assertTrue(end.why().contains("most members have another redo chain"), end.why());
        comesBack(name);
    }

    /** From then on it refuses every announcement, since none follows the mark that it has. It compares them still. */
    @Test
    void c1_aNodeThatLostAnAnnouncementIsFoundOut() throws IOException {
        cluster.startAll();
        cluster.put("a", "1");
        cluster.awaitRest(SOON);
        cluster.s3.available(false);
        cluster.put("flipped", "right");
        cluster.awaitEqual(SOON);
        String name = cluster.leaderName().equals("n3") ? "n2" : "n3";
        corrupt(name, () -> {
            cluster.s3.available(true);
            cluster.awaitRest(SOON);
        });
        cluster.put("b", "2");
        NodeEnd end =
                cluster.node(name).stopped().orTimeout(60, TimeUnit.SECONDS).join();
        assertTrue(end.why().contains("most members have another redo chain"), end.why());
        comesBack(name);
    }

    /** A bit is flipped in the leader's memory: it applies, and ships, other bytes than the log says. */
    @Test
    void c1_anOutvotedLeaderStepsDownAndStops() {
        AtomicReference<String> flips = new AtomicReference<>("nobody");
        cluster.engines = (name, engine) -> (StorageEngine) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StorageEngine.class}, (proxy, method, arguments) -> {
                    boolean flip = method.getName().equals("apply") && name.equals(flips.get());
                    try {
                        return method.invoke(
                                engine, flip ? new Object[] {flipped((LogEntry) arguments[0])} : arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        cluster.startAll();
        cluster.put("a", "1");
        cluster.awaitRest(SOON);
        String leader = cluster.leaderName();
        flips.set(leader);
        cluster.put("flipped", "right");
        NodeEnd end =
                cluster.node(leader).stopped().orTimeout(60, TimeUnit.SECONDS).join();
        assertTrue(end.unfit(), end.toString());
        assertTrue(end.why().contains("most members have another redo chain"), end.why());
        assertFalse(cluster.leaderName().equals(leader));
        flips.set("nobody");
        // The newest that S3 has is what the leader that was wrong has shipped.
        comesBack(leader);
        assertTrue(cluster.nodes().stream().noneMatch(node -> node.stopped().isDone()));
        // By now S3 has what a leader has shipped that is right, and that proves a node that replays over both.
        cluster.awaitRest(SOON);
        String another = cluster.leaderName().equals("n1") ? "n2" : "n1";
        comesBack(another);
        assertEquals(-1, cluster.node(another).status().chainMismatch());
    }

    private static LogEntry flipped(LogEntry entry) {
        if (entry.kind() != EntryKind.COMMANDS) {
            return entry;
        }
        Entry right = EntryCodec.decode(entry.payload());
        List<Command> commands = right.commands().stream()
                .map(command -> command.operation() instanceof Operation.Put put
                                && new String(put.key(), StandardCharsets.UTF_8).equals("flipped")
                        ? Command.of(put("flipped", "wrong"))
                        : command)
                .toList();
        byte[] payload = EntryCodec.encode(new Entry(right.timeMillis(), commands));
        return new LogEntry(entry.lsn(), entry.term(), entry.kind(), payload);
    }

    @Test
    void c1_withoutAMajorityNobodyStopsAndStatusSaysSo() throws IOException {
        cluster.startAll();
        cluster.put("a", "1");
        cluster.awaitEqual(SOON);
        String name = cluster.leaderName().equals("n3") ? "n2" : "n3";
        String other = List.of("n1", "n2", "n3").stream()
                .filter(n -> !n.equals(name) && !n.equals(cluster.leaderName()))
                .findFirst()
                .orElseThrow();
        cluster.awaitRest(SOON);
        Runnable next = () -> {
            cluster.put("flipped", "right");
            cluster.awaitEqual(SOON);
        };
        // the third node is gone before the wrong one is back, or the two would outvote it at once
        corrupt(name, next, () -> cluster.stop(other));
        cluster.put("b", "2");
        cluster.await(
                "one of the two says so",
                SOON,
                () -> cluster.nodes().stream().anyMatch(node -> node.status().chainMismatch() >= 0));
        cluster.put("c", "3");
        cluster.awaitRest(SOON);
        assertTrue(cluster.nodes().stream().noneMatch(node -> node.stopped().isDone()));
        cluster.start(other);
        cluster.put("d", "4");
        assertTrue(cluster.node(name)
                .stopped()
                .orTimeout(60, TimeUnit.SECONDS)
                .join()
                .unfit());
        comesBack(name);
    }
}
