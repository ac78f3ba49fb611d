package io.tidemark.daemon.http;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.state.CommandInterpreter;
import io.tidemark.engine.state.MapTrees;
import io.tidemark.engine.state.Trees;
import io.tidemark.engine.txn.UndoRow;
import io.tidemark.engine.txn.Visibility;
import io.tidemark.shipper.tier.TierWork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Ports of several nodes over one log in memory: the real faces and the real rules of applying, without Raft and disks.
 * The leader, and what happens to its replies, are the test's to decide.
 */
final class MemoryCluster implements AutoCloseable {
    private final MapTrees trees = new MapTrees();
    private final CommandInterpreter interpreter = new CommandInterpreter(trees);
    private final ExecutorService applier = Executors.newSingleThreadExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<MetricRegistry> metrics = new ArrayList<>();
    final AtomicInteger entries = new AtomicInteger();
    final AtomicInteger scans = new AtomicInteger();
    final List<LogEntry> log = new ArrayList<>();
    volatile int leader;
    /** What becomes of a submission's outcome, after it was applied. */
    volatile UnaryOperator<CompletableFuture<List<Reply>>> fate = f -> f;

    private volatile long applied = -1;
    private volatile long shipped = -1;
    private final Queue<Map.Entry<Long, CompletableFuture<Void>>> marks = new ConcurrentLinkedQueue<>();
    /** What S3 was asked to hurry for, as node and LSN. */
    final Queue<String> wanted = new ConcurrentLinkedQueue<>();

    /** Of all nodes; null where they are off. */
    volatile TierWork tiers;

    /** The default of all nodes. */
    volatile boolean acknowledgesInS3;

    static MemoryCluster of(int nodes) {
        return of(nodes, HttpOptions.of("127.0.0.1", 0));
    }

    static MemoryCluster of(int nodes, HttpOptions options) {
        MemoryCluster cluster = new MemoryCluster();
        for (int i = 0; i < nodes; i++) {
            cluster.metrics.add(new MetricRegistry());
            cluster.servers.add(HttpServer.start(options, cluster.new Node(i), cluster.metrics.get(i)));
        }
        return cluster;
    }

    String endpoint(int node) {
        return "127.0.0.1:" + servers.get(node).port();
    }

    List<String> endpoints() {
        return servers.stream().map(s -> "127.0.0.1:" + s.port()).toList();
    }

    HttpServer server(int node) {
        return servers.get(node);
    }

    void put(String keyspace, byte[] key, byte[] value) {
        apply(List.of(Command.of(new Operation.Put(keyspace, key, value, Precondition.NONE))));
    }

    /** What the log made of a key; null for nothing. */
    synchronized byte[] get(String keyspace, byte[] key) {
        return trees.get(keyspace, key).map(Trees.Stored::value).orElse(null);
    }

    /** Forgets all sessions, as a cluster does with those idle too long. */
    void expireSessions() {
        apply(List.of(Command.of(new Operation.ExpireSessions(Long.MAX_VALUE))));
    }

    /** Applies as one entry. */
    synchronized List<Reply> apply(List<Command> commands) {
        byte[] payload = EntryCodec.encode(new Entry(1, commands));
        long lsn = applied + 1;
        LogEntry entry = new LogEntry(lsn, 1, EntryKind.COMMANDS, payload);
        log.add(entry);
        List<Reply> replies = interpreter.apply(entry);
        applied = lsn;
        entries.incrementAndGet();
        return replies;
    }

    /** S3 has everything up to here, and every node knows. */
    void ship(long lsn) {
        shipped = Math.max(shipped, lsn);
        marks.stream()
                .filter(m -> m.getKey() <= shipped)
                .forEach(m -> m.getValue().complete(null));
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
        applier.shutdownNow();
    }

    private final class Node implements NodeService {
        private final int number;

        Node(int number) {
            this.number = number;
        }

        @Override
        public CompletableFuture<List<Reply>> submit(List<Command> commands) {
            if (number != leader) {
                return CompletableFuture.failedFuture(new LeaderElsewhere(leaderHttp()));
            }
            return fate.apply(CompletableFuture.supplyAsync(() -> apply(commands), applier));
        }

        @Override
        public CompletableFuture<Long> readIndex() {
            return leader < 0
                    ? CompletableFuture.failedFuture(new LeaderElsewhere(null))
                    : CompletableFuture.supplyAsync(() -> applied, applier);
        }

        @Override
        public CompletableFuture<Void> awaitApplied(long lsn, Duration timeout) {
            return applied >= lsn
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new TidemarkException(
                            ErrorKind.RETRY, "LSN " + lsn + " is not applied here yet, only " + applied));
        }

        @Override
        public boolean acknowledgesInS3() {
            return acknowledgesInS3;
        }

        @Override
        public Optional<TierWork> tiers() {
            return Optional.ofNullable(tiers);
        }

        @Override
        public Retention retention() {
            synchronized (MemoryCluster.this) {
                return interpreter.state(applied, 1, 0).retention();
            }
        }

        @Override
        public long shipped() {
            return shipped;
        }

        @Override
        public void wantShipped(long lsn) {
            wanted.add(number + ":" + lsn);
        }

        @Override
        public CompletableFuture<Boolean> awaitShipped(long lsn, Duration timeout) {
            wantShipped(lsn);
            CompletableFuture<Void> mark = new CompletableFuture<>();
            marks.add(Map.entry(lsn, mark));
            ship(shipped);
            return mark.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).handle((reached, late) -> late == null);
        }

        @Override
        public Optional<Row> get(String keyspace, byte[] key) {
            return get(0, keyspace, key);
        }

        @Override
        public Optional<Row> get(long transaction, String keyspace, byte[] key) {
            synchronized (MemoryCluster.this) {
                Visibility visibility =
                        new Visibility(interpreter.transactions().open(), transaction, undo());
                return trees.cell(keyspace, key)
                        .flatMap(cell -> visibility.seesAsStored(cell.transaction())
                                ? Optional.of(cell)
                                        .filter(c -> !c.isGhost())
                                        .map(c -> new Visibility.Seen(c.content(), c.version()))
                                : visibility.before(cell.transaction(), cell.sequence()))
                        .map(seen -> new Row(key, seen.value(), seen.version(), applied));
            }
        }

        private Visibility.Undo undo() {
            return new Visibility.Undo() {
                @Override
                public Optional<Cell> row(byte[] undoKey) {
                    return trees.cell(UndoRow.TREE, undoKey);
                }

                @Override
                public byte[] overflow(Cell cell) {
                    return trees.overflow(cell);
                }
            };
        }

        @Override
        public boolean isOpen(long transaction) {
            synchronized (MemoryCluster.this) {
                return interpreter.transactions().open().isOpen(transaction);
            }
        }

        @Override
        public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
            scans.incrementAndGet();
            List<Row> rows = new ArrayList<>();
            byte[][] next = new byte[1][];
            long[] bytes = new long[1];
            synchronized (MemoryCluster.this) {
                trees.scan(keyspace, from, to, (key, value) -> {
                    if (rows.size() == limitRows || bytes[0] >= limitBytes) {
                        next[0] = key;
                        return false;
                    }
                    Trees.Stored stored = trees.get(keyspace, key).orElseThrow();
                    rows.add(new Row(key, value, stored.version(), applied));
                    bytes[0] += key.length + value.length;
                    return true;
                });
                return new Scan(rows, next[0], applied);
            }
        }

        @Override
        public long applied() {
            return applied;
        }

        @Override
        public List<LogEntry> entries(long from, long bytesMax) {
            synchronized (MemoryCluster.this) {
                return log.stream().filter(entry -> entry.lsn() >= from).toList();
            }
        }

        @Override
        public OptionalLong chainAt(long lsn) {
            return lsn <= applied ? OptionalLong.of(0xabcdL + lsn) : OptionalLong.empty();
        }

        @Override
        public Optional<ContentsDigest> contentsAt(long lsn) {
            return lsn <= applied ? Optional.of(new ContentsDigest(lsn, "ab".repeat(32), 1, 2)) : Optional.empty();
        }

        @Override
        public String leaderHttp() {
            int now = leader;
            return now < 0 ? null : endpoint(now);
        }

        @Override
        public StatusReport status() {
            return new StatusReport(
                    "cluster",
                    "history",
                    "n" + (number + 1),
                    1,
                    1,
                    number == leader ? "LEADER" : "FOLLOWER",
                    1,
                    leader < 0 ? null : "n" + (leader + 1),
                    applied,
                    applied,
                    applied,
                    -1,
                    -1,
                    0,
                    -1,
                    applied,
                    "000000000000abcd",
                    0,
                    0,
                    endpoint(number),
                    "127.0.0.1:1",
                    "dir",
                    1,
                    0,
                    StatusReport.Kept.of(retention()),
                    new StatusReport.S3("http://127.0.0.1:2", "bucket", "prefix", true, null),
                    null);
        }

        @Override
        public Optional<String> notReady() {
            return leader < 0 ? Optional.of("no leader is known") : Optional.empty();
        }

        @Override
        public CompletableFuture<JoinAnswer> join(String name) {
            if (number != leader) {
                return CompletableFuture.failedFuture(new LeaderElsewhere(leaderHttp()));
            }
            Reply reply = apply(List.of(Command.of(new Operation.AllocateIncarnation(name))))
                    .get(0);
            long incarnation =
                    ByteBuffer.wrap(Arrays.copyOf(reply.payload(), 8)).getLong();
            return CompletableFuture.completedFuture(
                    new JoinAnswer(incarnation, name + "-" + incarnation, "history", "cluster", List.of()));
        }

        @Override
        public CompletableFuture<Void> transferLeadership(String name) {
            if (number != leader) {
                return CompletableFuture.failedFuture(new LeaderElsewhere(leaderHttp()));
            }
            leader = Integer.parseInt(name.substring(1)) - 1;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Boolean> admit(String name, int incarnation) {
            return number == leader
                    ? CompletableFuture.completedFuture(true)
                    : CompletableFuture.failedFuture(new LeaderElsewhere(leaderHttp()));
        }
    }
}
