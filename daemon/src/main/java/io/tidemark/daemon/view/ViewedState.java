package io.tidemark.daemon.view;

import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.http.JoinAnswer;
import io.tidemark.daemon.http.NodeService;
import io.tidemark.daemon.http.StatusReport;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.recovery.View;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A view as a port serves it: every read is of its LSN, every write is refused. */
public final class ViewedState implements NodeService {
    /** What {@code GET /v1/status} calls it. */
    public static final String ROLE = "VIEW";

    private final View view;
    private final S3Location s3;
    private final String http;
    private final Clock clock;

    /** @param http the address that it is served at */
    public ViewedState(View view, S3Location s3, String http, Clock clock) {
        this.view = view;
        this.s3 = s3;
        this.http = http;
        this.clock = clock;
    }

    private TidemarkException readOnly() {
        return new TidemarkException(
                ErrorKind.INVALID,
                "this is a view of LSN " + applied() + " of history " + view.history()
                        + ": it is never written; 'restore" + " --at-lsn " + applied()
                        + "' makes a cluster of that state");
    }

    private <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(readOnly());
    }

    @Override
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        return refused();
    }

    @Override
    public CompletableFuture<Long> readIndex() {
        return CompletableFuture.completedFuture(applied());
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long lsn, Duration timeout) {
        return lsn <= applied()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new TidemarkException(
                        ErrorKind.INVALID, "this view stays at LSN " + applied() + "; " + lsn + " never comes"));
    }

    @Override
    public Retention retention() {
        return view.state().retention();
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        return view.get(keyspace, key);
    }

    @Override
    public Optional<Row> get(long transaction, String keyspace, byte[] key) {
        if (transaction != Command.NO_TRANSACTION) {
            throw readOnly();
        }
        return view.get(keyspace, key);
    }

    @Override
    public boolean isOpen(long transaction) {
        return false;
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return view.scan(keyspace, from, to, limitRows, limitBytes);
    }

    @Override
    public long applied() {
        return view.state().applied();
    }

    @Override
    public List<LogEntry> entries(long from, long bytesMax) {
        throw new TidemarkException(ErrorKind.NOT_FOUND, "a view has no log; S3 has all that led to it");
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return lsn == applied() ? OptionalLong.of(view.state().redoChain()) : OptionalLong.empty();
    }

    @Override
    public Optional<ContentsDigest> contentsAt(long lsn) {
        return lsn == applied() ? Optional.of(view.contents()) : Optional.empty();
    }

    @Override
    public String leaderHttp() {
        return null;
    }

    @Override
    public StatusReport status() {
        State state = view.state();
        return new StatusReport(
                null,
                view.history(),
                "view",
                0,
                ProcessHandle.current().pid(),
                ROLE,
                state.term(),
                null,
                state.applied(),
                state.applied(),
                -1,
                state.applied(),
                state.applied(),
                -1,
                state.checkpoint().lsn(),
                state.applied(),
                HexFormat.of().toHexDigits(state.redoChain()),
                0,
                0,
                http,
                null,
                null,
                clock.millis(),
                0,
                StatusReport.Kept.of(state.retention()),
                new StatusReport.S3(s3.endpoint(), s3.bucket(), s3.prefix(), true, null),
                null);
    }

    @Override
    public Optional<String> notReady() {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<JoinAnswer> join(String name) {
        return refused();
    }

    @Override
    public CompletableFuture<Boolean> admit(String name, int incarnation) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String name) {
        return refused();
    }
}
