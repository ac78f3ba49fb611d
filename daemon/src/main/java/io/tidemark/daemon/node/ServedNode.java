package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.http.JoinAnswer;
import io.tidemark.daemon.http.LeaderElsewhere;
import io.tidemark.daemon.http.NodeService;
import io.tidemark.daemon.http.StatusReport;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeStatus;
import io.tidemark.raft.NotLeaderException;
import io.tidemark.raft.RaftNode;
import io.tidemark.shipper.tier.TierWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The node as its port sees it. */
final class ServedNode implements NodeService {
    private final RaftNode node;
    private final ClusterFile cluster;
    private final StatusText status;
    private final Admissions admissions;
    private final NodeParts parts;
    private final Supplier<Optional<String>> waiting;

    /** @param waiting why this node is not a member yet; empty once it is */
    ServedNode(
            RaftNode node,
            ClusterFile cluster,
            StatusText status,
            Admissions admissions,
            NodeParts parts,
            Supplier<Optional<String>> waiting) {
        this.node = node;
        this.cluster = cluster;
        this.status = status;
        this.admissions = admissions;
        this.parts = parts;
        this.waiting = waiting;
    }

    @Override
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        return translated(node.submit(commands));
    }

    @Override
    public CompletableFuture<Long> readIndex() {
        return translated(node.readIndex());
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long lsn, Duration timeout) {
        return translated(node.awaitApplied(lsn, timeout));
    }

    @Override
    public Retention retention() {
        return node.engine().state().retention();
    }

    @Override
    public long shipped() {
        return node.shipped();
    }

    @Override
    public void wantShipped(long lsn) {
        node.wantShipped(lsn);
    }

    @Override
    public CompletableFuture<Boolean> awaitShipped(long lsn, Duration timeout) {
        return translated(node.awaitShipped(lsn, timeout));
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        return node.engine().get(keyspace, key);
    }

    @Override
    public Optional<Row> get(long transaction, String keyspace, byte[] key) {
        return node.engine().get(transaction, keyspace, key);
    }

    @Override
    public boolean isOpen(long transaction) {
        return node.engine().transactions().open().isOpen(transaction);
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return node.engine().scan(keyspace, from, to, limitRows, limitBytes);
    }

    @Override
    public long applied() {
        return node.engine().state().applied();
    }

    @Override
    public List<LogEntry> entries(long from, long bytesMax) {
        return node.entries(from, bytesMax);
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return node.engine().chainAt(lsn);
    }

    @Override
    public Optional<ContentsDigest> contentsAt(long lsn) {
        return node.engine().contentsAt(lsn);
    }

    @Override
    public Optional<TierWork> tiers() {
        return parts.tiers();
    }

    @Override
    public boolean acknowledgesInS3() {
        return parts.acknowledgesInS3();
    }

    @Override
    public String leaderHttp() {
        return parts.now(node.status().leaderHttp());
    }

    @Override
    public StatusReport status() {
        return status.of(node.status(), retention());
    }

    @Override
    public Optional<String> notReady() {
        NodeStatus now = node.status();
        if (!now.ready()) {
            return Optional.of(now.notReady());
        }
        if (now.leader() == null) {
            return Optional.of("knows no leader yet");
        }
        return waiting.get();
    }

    @Override
    public CompletableFuture<JoinAnswer> join(String name) {
        cluster.node(name);
        return translated(node.allocateIncarnation(name))
                .thenApply(incarnation -> new JoinAnswer(
                        incarnation,
                        name + "-" + incarnation,
                        cluster.history(),
                        cluster.cluster(),
                        node.members().stream()
                                .map(m -> new JoinAnswer.Peer(m.id(), parts.now(m.http()), parts.now(m.raft())))
                                .toList()));
    }

    @Override
    public CompletableFuture<Boolean> admit(String name, int incarnation) {
        NodeAddress address = cluster.node(name);
        return translated(admissions.ask(new Member(name, incarnation, address.raft(), address.http())));
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String name) {
        return translated(node.transferLeadership(name));
    }

    private <T> CompletableFuture<T> translated(CompletableFuture<T> future) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        future.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(translate(failure));
            }
        });
        return answer;
    }

    private Throwable translate(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NotLeaderException elsewhere) {
            return new LeaderElsewhere(parts.now(elsewhere.leaderHttp()));
        }
        if (cause instanceof TimeoutException) {
            return new TidemarkException(
                    ErrorKind.RETRY, "this node has not applied that LSN in time; ask again, or another node", cause);
        }
        return cause;
    }
}
