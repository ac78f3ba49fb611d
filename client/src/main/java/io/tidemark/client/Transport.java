package io.tidemark.client;

import io.tidemark.client.Budget.ClientThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One HTTP/1.1 request to one node: no retries, no opinions. A thread per connection reads, and runs what hangs on the
 * answers; connections are as many as requests in flight, up to a bound per endpoint.
 */
public final class Transport implements AutoCloseable {
    private static final long SWEEP_MILLIS = 50;
    /** Less than what a daemon's port grants, so that it is the client that closes. */
    private static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

    private final int connectMillis;
    private final int connectionsMax;
    private final LongSupplier nanoClock;
    private final Map<String, ConnectionPool> pools = new ConcurrentHashMap<>();
    private final ExecutorService writers =
            Executors.newCachedThreadPool(work -> new ClientThread(work, "tidemark-client-writer"));
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(work -> new ClientThread(work, "tidemark-client-sweeper"));
    private volatile boolean closed;

    /** @param connectionsMax per endpoint; further requests wait for one */
    public Transport(Duration connectTimeout, int connectionsMax) {
        this(connectTimeout, connectionsMax, System::nanoTime);
    }

    Transport(Duration connectTimeout, int connectionsMax, LongSupplier nanoClock) {
        this.connectMillis = (int) Math.max(1, connectTimeout.toMillis());
        this.connectionsMax = connectionsMax;
        this.nanoClock = nanoClock;
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * @param endpoint {@code host:port}
     * @param path path and query, escaped
     * @param body null for none
     * @return the answer, whatever its status; fails with a {@link java.net.ConnectException} when nothing was sent, with
     *     another {@link java.io.IOException} when it may have been
     */
    public CompletableFuture<HttpAnswer> send(
            String endpoint, String method, String path, Map<String, String> headers, byte[] body, Duration timeout) {
        HttpExchange exchange =
                new HttpExchange(endpoint, method, path, headers, body, nanoClock.getAsLong() + timeout.toNanos());
        ConnectionPool pool = pools.computeIfAbsent(
                endpoint, e -> new ConnectionPool(e, connectionsMax, connectMillis, writers, nanoClock));
        pool.send(exchange);
        if (closed) {
            pool.close("this client is closed");
        }
        return exchange.answer();
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        pools.values().forEach(pool -> pool.sweep(now, IDLE_NANOS_MAX));
    }

    /** Fails what is in flight, and closes all connections. */
    @Override
    public void close() {
        closed = true;
        sweeper.shutdownNow();
        pools.values().forEach(pool -> pool.close("this client is closed"));
        writers.shutdown();
    }
}
