package io.tidemark.raft;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.BatchOptions;
import io.tidemark.raft.node.PeerChains;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Nodes in this process over one simulated S3. */
final class TestCluster implements AutoCloseable {
    static final String KEYSPACE = "t";

    /** Small, but with room for the greatest value. */
    static final EngineOptions ENGINE =
            new EngineOptions(16 << 10, 1536, 48L << 20, 16L << 20, 64L << 20, 256, 0, true);

    final SimulatedObjectStore s3 = new SimulatedObjectStore();
    final List<String> halts = new ArrayList<>();
    private final Path dir;
    final String history;
    private final UUID group = UUID.randomUUID();
    private final Map<String, Member> members = new HashMap<>();
    private final List<Member> founders = new ArrayList<>();
    private final Map<String, RaftNode> running = new ConcurrentHashMap<>();
    private final Map<String, MetricRegistry> registries = new ConcurrentHashMap<>();
    ShipperOptions shipper = ShipperOptions.builder()
            .segmentBytes(64 << 10)
            .segmentAgeMillis(200)
            .build();
    BatchOptions batch = BatchOptions.over(ENGINE);
    AdmissionLimits limits = AdmissionLimits.defaults();
    /** What stands between a node's name and the engine that it gets. */
    BiFunction<String, StorageEngine, StorageEngine> engines = (name, engine) -> engine;

    /** What stands between a node's name and the place of its cold pages. */
    BiFunction<String, ColdPages, ColdPages> colds = (name, cold) -> cold;

    /** Of pages on each node's disk; 0 = all. */
    long hotTierBytes;

    /** Whether members ask one another for their chains. */
    boolean compareChains;

    /** How fast pages come to nodes that begin without them; 0 for no limit. */
    long fillBytesPerSecond;

    Duration sessionIdle = NodeOptions.SESSION_IDLE;

    TestCluster(Path dir, String... names) {
        this.dir = dir;
        this.history = group.toString();
        for (String name : names) {
            Member member = new Member(name, 1, "127.0.0.1:" + Ports.free(), "127.0.0.1:" + Ports.free());
            founders.add(member);
            members.put(name, member);
        }
    }

    static TestCluster ofThree(Path dir) {
        TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3");
        cluster.startAll();
        cluster.leader();
        return cluster;
    }

    void startAll() {
        members.keySet().stream().sorted().forEach(this::start);
    }

    Member member(String name) {
        return members.get(name);
    }

    Path dirOf(String name) {
        return dir.resolve(name);
    }

    RaftNode start(String name) {
        Member self = members.get(name);
        RaftNode node = RaftNode.start(options(self, self.incarnation() == 1 ? founders : List.of()));
        running.put(name, node);
        return node;
    }

    List<Member> founders() {
        return founders;
    }

    /** Requests that the node's present process has refused as meant for another. */
    long refused(String name) {
        return registries.get(name).counter("raft.refused.target").getCount();
    }

    NodeOptions options(Member self, List<Member> first) {
        Path nodeDir = dirOf(self.name());
        try {
            Files.createDirectories(nodeDir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        MetricRegistry metrics = new MetricRegistry();
        registries.put(self.name(), metrics);
        Halt halt = (reason, cause) -> {
            synchronized (halts) {
                halts.add(self.id() + ": " + reason);
            }
            return new TidemarkException(ErrorKind.FATAL, reason, cause);
        };
        HistoryReader past = new HistoryReader(s3);
        NodeOptions options = NodeOptions.of(
                nodeDir,
                new NodeIdentity("cluster", history, group, self, first),
                ENGINE.toBuilder().hotTierBytes(hotTierBytes).build(),
                limits,
                shipper,
                s3,
                colds.apply(self.name(), new PackedPages(s3, System::nanoTime, () -> past.floor(history))),
                compareChains ? this::chainAt : PeerChains.NONE,
                http -> OptionalLong.of(System.currentTimeMillis()),
                metrics,
                halt);
        Function<Path, StorageEngine> real = options.engine();
        return new NodeOptions(
                        options.dir(),
                        options.identity(),
                        path -> engines.apply(self.name(), real.apply(path)),
                        new ColdStart(options.coldStart().pages(), fillBytesPerSecond),
                        options.shipping(),
                        options.batch(),
                        options.limits(),
                        options.chains(),
                        options.clocks(),
                        options.sessionIdle(),
                        options.clock(),
                        options.metrics(),
                        options.halt())
                .withBatch(batch)
                .withSessionIdle(sessionIdle);
    }

    private OptionalLong chainAt(String http, long lsn) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().http().equals(http))
                .map(member -> running.get(member.getKey()))
                .filter(node -> node != null && !node.stopped().isDone())
                .findFirst()
                .map(node -> node.engine().chainAt(lsn))
                .orElse(OptionalLong.empty());
    }

    /** An engine in a stopped node's directory, as the node itself would open it. */
    StorageEngine openEngine(String name) {
        return options(members.get(name), founders).engine().apply(dirOf(name).resolve("engine"));
    }

    /** Starts a node under another identity than the cluster knows it by. */
    RaftNode startAs(Member self, List<Member> first) {
        RaftNode node = RaftNode.start(options(self, first));
        running.put(self.name(), node);
        return node;
    }

    void stop(String name) {
        running.remove(name).close();
    }

    /** Removes the node's disk. The node must be stopped. */
    void wipe(String name) {
        delete(dirOf(name));
    }

    static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path path : files.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Starts the node anew as the next incarnation of its name. */
    RaftNode join(String name) {
        int incarnation = onLeader(leader -> leader.allocateIncarnation(name).join());
        Member old = members.get(name);
        members.put(name, new Member(name, incarnation, old.raft(), old.http()));
        return start(name);
    }

    void admit(String name) {
        onLeader(leader ->
                leader.admit(members.get(name)).orTimeout(60, TimeUnit.SECONDS).join());
    }

    /** Asks leaders until one has done it. */
    <T> T onLeader(Function<RaftNode, T> ask) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return ask.apply(leader());
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof NotLeaderException) || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    RaftNode node(String name) {
        return running.get(name);
    }

    List<RaftNode> nodes() {
        return List.copyOf(running.values());
    }

    /** Waits for a leader that takes writes, and returns it. */
    RaftNode leader() {
        return until(
                "a leader",
                Duration.ofSeconds(30),
                () -> running.values().stream()
                        .filter(n -> n.status().role() == NodeStatus.Role.LEADER
                                && n.status().ready())
                        .findFirst()
                        .orElse(null));
    }

    String leaderName() {
        return leader().status().identity().self().name();
    }

    /** Has another term begin, which makes Ratis close the log file that it writes to. */
    void nextTerm() {
        long term = leader().status().term();
        onLeader(leader -> leader.stepDown().orTimeout(10, TimeUnit.SECONDS).join());
        await("another term", Duration.ofSeconds(30), () -> leader().status().term() > term);
    }

    Reply put(String key, String value) {
        return put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    Reply put(String key, byte[] value) {
        Operation put = new Operation.Put(KEYSPACE, key.getBytes(StandardCharsets.UTF_8), value, Precondition.NONE);
        return onLeader(leader -> leader.submit(List.of(Command.of(put)))
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .get(0));
    }

    static String get(RaftNode node, String key) {
        return node.engine()
                .get(KEYSPACE, key.getBytes(StandardCharsets.UTF_8))
                .map(row -> new String(row.value(), StandardCharsets.UTF_8))
                .orElse(null);
    }

    /** Every running node has the same LSN, the same chain, nothing in flight. */
    void awaitEqual(Duration limit) {
        until("equal nodes", limit, () -> {
            List<NodeStatus> all = nodes().stream().map(RaftNode::status).toList();
            return all.stream().allMatch(NodeStatus::ready)
                            && all.stream()
                                            .mapToLong(NodeStatus::applied)
                                            .distinct()
                                            .count()
                                    == 1
                            && all.stream()
                                            .mapToLong(NodeStatus::redoChain)
                                            .distinct()
                                            .count()
                                    == 1
                    ? all
                    : null;
        });
    }

    /** The marks of every node are equal, and nothing waits. */
    void awaitRest(Duration limit) {
        until("marks at rest", limit, () -> {
            List<NodeStatus> all = nodes().stream().map(RaftNode::status).toList();
            long mark = all.get(0).s3HighWaterMark();
            return all.stream()
                            .allMatch(s -> s.ready()
                                    && s.lagBytes() == 0
                                    && s.s3HighWaterMark() == mark
                                    && s.raftLowWaterMark() == mark)
                    ? all
                    : null;
        });
    }

    void await(String what, Duration limit, BooleanSupplier condition) {
        until(what, limit, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    <T> T until(String what, Duration limit, Supplier<T> probe) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T found = probe.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what + "; halts " + halts + "; "
                        + nodes().stream().map(n -> "\n  " + n.status()).toList());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        running.values().forEach(RaftNode::close);
        running.clear();
    }
}
