package io.tidemark.client;

import io.tidemark.client.Budget.ClientThread;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection and the thread that reads from it. The thread always waits in {@code read}, so that a
 * connection that the other side closes is known at once and not used again. Whoever sends writes, unless the body is
 * large; answers are handed over by the reading thread.
 */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ConnectionPool pool;
    private final String endpoint;
    private final int connectMillis;
    private final Executor writers;
    private final LongSupplier nanoClock;
    private final Socket socket = new Socket();
    private HttpExchange current;
    private boolean ended;
    /** A large body is on its way. A small one goes out in one call, which nothing can come between. */
    private volatile boolean writing;

    private volatile long idleSinceNanos;
    private String cutOff;

    Connection(
            ConnectionPool pool,
            String endpoint,
            int connectMillis,
            Executor writers,
            LongSupplier nanoClock,
            HttpExchange first) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.connectMillis = connectMillis;
        this.writers = writers;
        this.nanoClock = nanoClock;
        this.current = first;
        this.idleSinceNanos = nanoClock.getAsLong();
    }

    void start() {
        new ClientThread(this, "tidemark-client " + endpoint).start();
    }

    /** Sends {@code exchange}, which may have been handed over to another thread on return; false when ended. */
    boolean take(HttpExchange exchange) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            current = exchange;
        }
        send(exchange);
        return true;
    }

    @Override
    public void run() {
        Throwable end;
        try {
            connect();
            end = converse();
        } catch (IOException | RuntimeException e) {
            end = e;
        }
        end(end);
    }

    private void connect() throws ConnectException {
        try {
            int colon = endpoint.lastIndexOf(':');
            InetSocketAddress address = new InetSocketAddress(
                    endpoint.substring(0, colon).replace("[", "").replace("]", ""),
                    Integer.parseInt(endpoint.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            socket.connect(address, connectMillis);
        } catch (IOException | RuntimeException e) {
            ConnectException never = new ConnectException(e.getMessage() == null ? e.toString() : e.getMessage());
            never.initCause(e);
            throw never;
        }
    }

    /** Writes the first request and reads answers until the end, which it returns. */
    private Throwable converse() throws IOException {
        HttpExchange first;
        synchronized (this) {
            first = current;
        }
        send(first);
        AnswerReader reader = new AnswerReader(endpoint, socket.getInputStream());
        while (reader.await()) {
            HttpExchange asked;
            synchronized (this) {
                asked = current;
            }
            if (asked == null) {
                return new IOException(endpoint + " answered what nobody asked");
            }
            HttpAnswer answer = reader.read(asked.isHeadOnly());
            synchronized (this) {
                current = null;
            }
            asked.answer().complete(answer);
            if (writing) {
                return new IOException(endpoint + " answered before it had the whole request");
            }
            if (reader.isLast()) {
                return new IOException(endpoint + " asked for this connection to be closed");
            }
            idleSinceNanos = nanoClock.getAsLong();
            pool.free(this);
        }
        return new EOFException(endpoint + " closed the connection");
    }

    private void send(HttpExchange exchange) {
        if (exchange.isSmall()) {
            write(exchange);
        } else {
            writing = true;
            writers.execute(() -> write(exchange));
        }
    }

    private void write(HttpExchange exchange) {
        try {
            socket.getOutputStream().write(exchange.head());
            if (!exchange.isSmall()) {
                socket.getOutputStream().write(exchange.body());
            }
            writing = false;
        } catch (IOException e) {
            // An answer may have come before the request was out; if not, the reading thread finds the end.
            closeSocketForWriting();
        }
    }

    private void closeSocketForWriting() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            close("writing failed: " + e);
        }
    }

    /** Ends it; the exchange under way fails with {@code why}, unless there was a reason already. */
    void close(String why) {
        synchronized (this) {
            cutOff = cutOff == null ? why : cutOff;
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the connection to {}", endpoint, e);
        }
    }

    private void end(Throwable why) {
        HttpExchange open;
        String cut;
        synchronized (this) {
            ended = true;
            open = current;
            current = null;
            cut = cutOff;
        }
        close("ended");
        pool.ended(this);
        if (open != null) {
            open.answer()
                    .completeExceptionally(
                            cut == null || why instanceof ConnectException ? why : new IOException(cut, why));
        }
    }

    /** Called now and then: gives up an exchange past its deadline, and a connection that has been idle too long. */
    void sweep(long nowNanos, long idleNanosMax) {
        HttpExchange asked;
        synchronized (this) {
            asked = current;
        }
        if (asked != null && asked.isLate(nowNanos)) {
            close("no answer from " + endpoint + " in time");
        } else if (asked == null && nowNanos - idleSinceNanos > idleNanosMax) {
            close("idle");
        }
    }
}
