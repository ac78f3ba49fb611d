package io.tidemark.client;

import io.tidemark.client.Budget.ClientThread;
import io.tidemark.client.PendingRequest.Answer;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest.Op;
import io.tidemark.client.wire.RowPage;
import io.tidemark.client.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A client of a Tidemark cluster: give it any of the nodes.
 *
 * <p>A write is applied exactly once, however often it had to be sent, or its future fails and says what is known:
 * kind OUTCOME_UNKNOWN means that it may have been applied. Requests in flight together have no order among themselves;
 * wait for the first if the second depends on it. Concurrent requests travel together in batches; a lone one does not
 * wait.
 *
 * <p>Every future completes within {@link ClientOptions#requestTimeout}, give or take a tenth of a second, and fails with
 * {@link TidemarkClientException} only. Past {@link ClientOptions#inFlightRequests} or {@link
 * ClientOptions#inFlightBytes} the calling thread waits. Thread-safe; callbacks run on the client's own threads and must
 * not block. Byte arrays are not copied: leave them alone until the future completes.
 */
public final class TidemarkClient implements AutoCloseable {
    private static final byte[] EMPTY = {};
    private static final long SWEEP_MILLIS = 100;
    private static final int CONNECTIONS = 32;

    private final ClientOptions options;
    private final LongSupplier nanoClock;
    private final Transport transport;
    private final ScheduledExecutorService timer;
    private final Attempts attempts;
    private final Budget budget;
    private final WritePipeline writes;
    private final ReadPipeline reads;
    private final ReadPipeline localReads;
    private final ShippedMark shipped;

    public static TidemarkClient connect(List<String> endpoints) {
        return connect(ClientOptions.of(endpoints));
    }

    /** Opens no connection yet: a cluster that is away shows at the first request. */
    public static TidemarkClient connect(ClientOptions options) {
        return new TidemarkClient(options, System::nanoTime);
    }

    TidemarkClient(ClientOptions options, LongSupplier nanoClock) {
        this.options = options;
        this.nanoClock = nanoClock;
        transport = new Transport(options.connectTimeout(), CONNECTIONS);
        timer = Executors.newSingleThreadScheduledExecutor(work -> new ClientThread(work, "tidemark-client-timer"));
        attempts =
                new Attempts(transport, new Endpoints(options.endpoints()), options.attemptTimeout(), timer, nanoClock);
        budget = new Budget(options.inFlightRequests(), options.inFlightBytes());
        writes = new WritePipeline(options, attempts, timer, nanoClock);
        reads = new ReadPipeline(options, Consistency.LINEARIZABLE, attempts, nanoClock);
        localReads = new ReadPipeline(options, Consistency.LOCAL, attempts, nanoClock);
        shipped = new ShippedMark(attempts, options.attemptTimeout(), nanoClock);
        timer.scheduleWithFixedDelay(this::expire, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    public CompletableFuture<PutResult> put(String keyspace, byte[] key, byte[] value) {
        return put(keyspace, key, value, Precondition.none());
    }

    /** Fails with {@link ConditionFailedException} when {@code condition} does not hold. */
    public CompletableFuture<PutResult> put(String keyspace, byte[] key, byte[] value, Precondition condition) {
        return submit(writes, 0, Op.PUT, condition, keyspace, key, value)
                .thenApply(a -> new PutResult(a.reply().version()));
    }

    /** As above; with {@link Ack#S3} fails with {@link NotInS3Exception} when the write is done and S3 is not that far. */
    public CompletableFuture<PutResult> put(
            String keyspace, byte[] key, byte[] value, Precondition condition, Ack ack) {
        long deadline = deadline();
        return put(keyspace, key, value, condition)
                .thenCompose(result -> acknowledged(ack, result.version().lsn(), deadline, result));
    }

    public CompletableFuture<DeleteResult> delete(String keyspace, byte[] key) {
        return delete(keyspace, key, Precondition.none());
    }

    /** Fails with {@link ConditionFailedException} when {@code condition} does not hold. */
    public CompletableFuture<DeleteResult> delete(String keyspace, byte[] key, Precondition condition) {
        return submit(writes, 0, Op.DELETE, condition, keyspace, key, EMPTY)
                .thenApply(a -> new DeleteResult(
                        a.reply().status() == Status.OK, a.reply().version()));
    }

    /**
     * Removes all keys of a range. Its cost is pages, not keys. A large one is removed in slices, upward, each of them
     * whole: when it fails, the keys below some key may be gone, and asking again goes on. Fails with kind CONFLICT when an
     * open transaction holds any of it.
     *
     * @return LSN of the last slice
     */
    public CompletableFuture<Long> deleteRange(String keyspace, ScanRange range) {
        if (range.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new TidemarkClientException(Kind.INVALID, "the range to delete can hold no key"));
        }
        byte[] from = range.low() == null ? EMPTY : range.low();
        byte[] to = range.high() == null ? EMPTY : range.high();
        return submit(writes, 0, Op.DELETE_RANGE, Precondition.none(), keyspace, from, to)
                .thenCompose(a -> a.reply().value().length == 0
                        ? CompletableFuture.completedFuture(a.reply().version().lsn())
                        : deleteRange(keyspace, new ScanRange(null, a.reply().value(), null, range.high())));
    }

    /** As above; with {@link Ack#S3} fails with {@link NotInS3Exception} when the delete is done and S3 is not that far. */
    public CompletableFuture<DeleteResult> delete(String keyspace, byte[] key, Precondition condition, Ack ack) {
        long deadline = deadline();
        return delete(keyspace, key, condition)
                .thenCompose(result -> acknowledged(ack, result.version().lsn(), deadline, result));
    }

    /**
     * Completes with S3's mark when S3 has everything up to {@code lsn}, the LSN of a write that is done; fails with {@link
     * NotInS3Exception} at the request's time-out.
     */
    public CompletableFuture<Long> awaitShipped(long lsn) {
        return shipped.await(lsn, deadline());
    }

    /** @param lsn -1 when nothing was written */
    <T> CompletableFuture<T> acknowledged(Ack ack, long lsn, long deadlineNanos, T result) {
        return ack == Ack.QUORUM || lsn < 0
                ? CompletableFuture.completedFuture(result)
                : shipped.await(lsn, deadlineNanos).thenApply(mark -> result);
    }

    /**
     * Opens a transaction. The cluster takes it back when nothing is asked of it for as long as the time-out says.
     *
     * @param timeout 1 ms to a day
     */
    public CompletableFuture<Transaction> begin(Duration timeout) {
        byte[] millis =
                ByteBuffer.allocate(Long.BYTES).putLong(timeout.toMillis()).array();
        return submit(writes, 0, Op.BEGIN, Precondition.none(), "", EMPTY, millis)
                .thenApply(a -> transaction(ByteBuffer.wrap(a.reply().value()).getLong()));
    }

    /** A transaction that is open already, begun by this client or another. */
    public Transaction transaction(long id) {
        return new Transaction(id, this);
    }

    /** What a transaction asks for. */
    CompletableFuture<Answer> ask(
            long transaction, Op op, Precondition condition, String keyspace, byte[] key, byte[] value) {
        return submit(op == Op.GET ? reads : writes, transaction, op, condition, keyspace, key, value);
    }

    /** Linearizable. */
    public CompletableFuture<GetResult> get(String keyspace, byte[] key) {
        return get(keyspace, key, Consistency.LINEARIZABLE);
    }

    public CompletableFuture<GetResult> get(String keyspace, byte[] key, Consistency consistency) {
        Pipeline pipeline = consistency == Consistency.LOCAL ? localReads : reads;
        return submit(pipeline, 0, Op.GET, Precondition.none(), keyspace, key, EMPTY)
                .thenApply(a -> a.reply().status() == Status.OK
                        ? new GetResult(a.reply().value(), a.reply().version(), a.lsn())
                        : new GetResult(null, Version.NONE, a.lsn()));
    }

    /**
     * The first rows of a range, at most {@code limit} of them and about 1 MiB; go on at {@link ScanPage#next}.
     *
     * @param limit 1..{@link RowPage#ROWS_MAX}
     */
    public CompletableFuture<ScanPage> scan(String keyspace, ScanRange range, int limit, Consistency consistency) {
        try {
            RequestLimits.checkKeyspace(keyspace);
            if (limit < 1 || limit > RowPage.ROWS_MAX) {
                throw new TidemarkClientException(
                        Kind.INVALID, "a page has 1.." + RowPage.ROWS_MAX + " rows, not " + limit);
            }
        } catch (TidemarkClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        Attempts.Question question = new Attempts.Question(
                "GET",
                ScanPath.of(keyspace, range, limit, consistency),
                Map.of("Accept", RowPage.MEDIA_TYPE),
                false,
                () -> null);
        return attempts.ask(question, deadline()).thenApply(answer -> {
            if (answer.status() != 200) {
                throw ErrorBody.of(answer);
            }
            return page(answer);
        });
    }

    private static ScanPage page(HttpAnswer answer) {
        try {
            return RowPage.decode(answer.body());
        } catch (WireException e) {
            throw new TidemarkClientException(
                    Kind.UNAVAILABLE, answer.endpoint() + " answered what is no page of rows: " + e.getMessage(), e);
        }
    }

    /**
     * All rows of a range, page by page, the next one fetched while this one is used. Each page is of one state; a later
     * page may be of a later one. Blocks in {@code hasNext}; throws {@link TidemarkClientException}.
     */
    public Iterator<Row> rows(String keyspace, ScanRange range, Consistency consistency) {
        return new RowIterator(from -> scan(keyspace, from, RowPage.ROWS_MAX, consistency), range);
    }

    /**
     * Asks one node for anything, once.
     *
     * @param path path and query, escaped
     * @param body null for none
     */
    public CompletableFuture<HttpAnswer> raw(String endpoint, String method, String path, byte[] body) {
        return transport
                .send(endpoint, method, path, Map.of(), body, options.attemptTimeout())
                .handle((answer, error) -> {
                    if (error != null) {
                        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                        throw new TidemarkClientException(Kind.UNAVAILABLE, endpoint + ": " + cause, cause);
                    }
                    return answer;
                });
    }

    public ClientOptions options() {
        return options;
    }

    /** Waits for a future of this client; throws the {@link TidemarkClientException} itself, unwrapped. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TidemarkClientException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** UTF-8 bytes of a key. */
    public static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Fails what is still in flight and ends the threads. */
    @Override
    public void close() {
        budget.close();
        timer.shutdownNow();
        writes.close();
        reads.close();
        localReads.close();
        shipped.close();
        transport.close();
    }

    private CompletableFuture<Answer> submit(
            Pipeline pipeline,
            long transaction,
            Op op,
            Precondition condition,
            String keyspace,
            byte[] key,
            byte[] value) {
        try {
            if (op == Op.DELETE_RANGE || op == Op.LOCK_RANGE) {
                RequestLimits.checkKeyspace(keyspace);
                RequestLimits.checkBound(key);
                RequestLimits.checkBound(value);
            }
            if (op == Op.PUT || op == Op.DELETE || op == Op.GET || op == Op.LOCK_KEY) {
                RequestLimits.checkKeyspace(keyspace);
                RequestLimits.checkKey(key);
                RequestLimits.checkValue(value);
            }
            PendingRequest request = new PendingRequest(transaction, op, condition, keyspace, key, value, deadline());
            long bytes = request.bytes();
            budget.acquire(bytes);
            request.result().whenComplete((answer, error) -> budget.release(bytes));
            pipeline.add(request);
            if (budget.isClosed()) {
                pipeline.close();
            }
            return request.result().thenApply(answer -> checked(request, answer));
        } catch (TidemarkClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Answer checked(PendingRequest request, Answer answer) {
        return switch (answer.reply().status()) {
            case OK, NOT_FOUND -> answer;
            case CONDITION_FAILED ->
                throw new ConditionFailedException(
                        request + ": the precondition does not hold, found version "
                                + answer.reply().version(),
                        answer.reply().version());
            case OUTCOME_UNKNOWN ->
                throw new TidemarkClientException(
                        Kind.OUTCOME_UNKNOWN,
                        request
                                + ": the cluster no longer knows this session; the write may have been applied, read the key");
            case INVALID ->
                throw new TidemarkClientException(
                        Kind.INVALID, request + ": " + new String(answer.reply().value(), StandardCharsets.UTF_8));
            case CONFLICT ->
                throw new TidemarkClientException(
                        Kind.CONFLICT,
                        request + ": transaction "
                                + ByteBuffer.wrap(answer.reply().value()).getLong()
                                + " holds what it touches; try again when that has ended");
            case NO_TRANSACTION ->
                throw new TidemarkClientException(
                        Kind.NOT_FOUND,
                        request + ": the transaction does not exist, or has ended; its changes are taken back unless it"
                                + " was committed");
            case LIMIT ->
                throw new TidemarkClientException(
                        Kind.RETRY,
                        request + ": the limit of "
                                + ByteBuffer.wrap(answer.reply().value()).getLong() + " is reached");
            case REFUSED ->
                throw new TidemarkClientException(Kind.INVALID, request + ": there is no such savepoint any more");
            case NOT_ANSWERED ->
                throw new TidemarkClientException(
                        Kind.FATAL,
                        request + ": unexpected reply " + answer.reply().status());
        };
    }

    long deadline() {
        return nanoClock.getAsLong() + options.requestTimeout().toNanos();
    }

    private void expire() {
        writes.expire();
        reads.expire();
        localReads.expire();
        shipped.expire();
    }
}
