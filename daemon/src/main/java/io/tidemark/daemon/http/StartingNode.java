package io.tidemark.daemon.http;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.tier.TierWork;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A node that is not there yet: the port is open, says why it waits, and serves nothing (rule L7). */
public final class StartingNode implements NodeService {
    private final Supplier<StatusReport> status;
    private final Supplier<String> reason;

    /** @param reason what the node waits for, asked at each request */
    public StartingNode(Supplier<StatusReport> status, Supplier<String> reason) {
        this.status = status;
        this.reason = reason;
    }

    @Override
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        return CompletableFuture.failedFuture(unavailable());
    }

    @Override
    public CompletableFuture<Long> readIndex() {
        return CompletableFuture.failedFuture(unavailable());
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long lsn, Duration timeout) {
        return CompletableFuture.failedFuture(unavailable());
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        throw unavailable();
    }

    @Override
    public Optional<Row> get(long transaction, String keyspace, byte[] key) {
        throw unavailable();
    }

    @Override
    public boolean isOpen(long transaction) {
        throw unavailable();
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        throw unavailable();
    }

    @Override
    public long applied() {
        throw unavailable();
    }

    @Override
    public List<LogEntry> entries(long from, long bytesMax) {
        throw unavailable();
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        throw unavailable();
    }

    @Override
    public Optional<ContentsDigest> contentsAt(long lsn) {
        throw unavailable();
    }

    @Override
    public Optional<TierWork> tiers() {
        throw unavailable();
    }

    @Override
    public String leaderHttp() {
        return null;
    }

    @Override
    public StatusReport status() {
        return status.get();
    }

    @Override
    public Optional<String> notReady() {
        return Optional.of(waitsFor());
    }

    @Override
    public CompletableFuture<JoinAnswer> join(String name) {
        return CompletableFuture.failedFuture(unavailable());
    }

    @Override
    public CompletableFuture<Boolean> admit(String name, int incarnation) {
        return CompletableFuture.failedFuture(unavailable());
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String name) {
        return CompletableFuture.failedFuture(unavailable());
    }

    private TidemarkException unavailable() {
        return new TidemarkException(ErrorKind.UNAVAILABLE, "this node does not serve yet: " + waitsFor());
    }

    /** The reason may be gone by now, and the node in place of this one not yet. */
    private String waitsFor() {
        return Objects.requireNonNullElse(reason.get(), "it is starting");
    }
}
