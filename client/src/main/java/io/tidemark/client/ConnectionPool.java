package io.tidemark.client;

import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The connections to one endpoint: as many as there are requests in flight, up to a bound; then requests wait. */
final class ConnectionPool {
    private final String endpoint;
    private final int connectionsMax;
    private final int connectMillis;
    private final Executor writers;
    private final LongSupplier nanoClock;
    private final Set<Connection> open = new HashSet<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<HttpExchange> waiting = new ArrayDeque<>();
    private String closed;

    ConnectionPool(String endpoint, int connectionsMax, int connectMillis, Executor writers, LongSupplier nanoClock) {
        this.endpoint = endpoint;
        this.connectionsMax = connectionsMax;
        this.connectMillis = connectMillis;
        this.writers = writers;
        this.nanoClock = nanoClock;
    }

    void send(HttpExchange exchange) {
        while (true) {
            Connection used;
            Connection fresh = null;
            synchronized (this) {
                if (closed != null) {
                    break;
                }
                used = idle.pollLast();
                if (used == null && open.size() < connectionsMax) {
                    fresh = new Connection(this, endpoint, connectMillis, writers, nanoClock, exchange);
                    open.add(fresh);
                } else if (used == null) {
                    waiting.add(exchange);
                    return;
                }
            }
            if (fresh != null) {
                fresh.start();
                return;
            }
            if (used.take(exchange)) {
                return;
            }
        }
        exchange.answer().completeExceptionally(new ConnectException(closed));
    }

    /** The connection's exchange is over: it takes the next that waits, or rests. */
    void free(Connection connection) {
        HttpExchange next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                idle.addLast(connection);
                return;
            }
        }
        if (!connection.take(next)) {
            send(next);
        }
    }

    void ended(Connection connection) {
        HttpExchange next;
        synchronized (this) {
            open.remove(connection);
            idle.remove(connection);
            next = waiting.poll();
        }
        if (next != null) {
            send(next);
        }
    }

    void sweep(long nowNanos, long idleNanosMax) {
        List<Connection> connections;
        List<HttpExchange> late = new ArrayList<>();
        synchronized (this) {
            connections = List.copyOf(open);
            waiting.removeIf(exchange -> exchange.isLate(nowNanos) && late.add(exchange));
        }
        connections.forEach(connection -> connection.sweep(nowNanos, idleNanosMax));
        late.forEach(exchange -> exchange.answer()
                .completeExceptionally(new ConnectException(
                        "all " + connectionsMax + " connections to " + endpoint + " were busy: not sent in time")));
    }

    void close(String why) {
        List<Connection> connections;
        List<HttpExchange> unsent;
        synchronized (this) {
            closed = why;
            connections = List.copyOf(open);
            unsent = List.copyOf(waiting);
            waiting.clear();
        }
        connections.forEach(connection -> connection.close(why));
        unsent.forEach(exchange -> exchange.answer().completeExceptionally(new ConnectException(why)));
    }
}
