package io.tidemark.jepsen.fault;

import io.tidemark.jepsen.cluster.Waiting;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before an S3 endpoint on a loopback port of its own and serves, delays, refuses, swallows or half answers.
 *
 * <p>Every connection carries one request and is then closed, so that a fault never leaks into the request after it. The
 * Host header, which requests are signed with, is forwarded as it is; {@code Expect} is answered here.
 *
 * <p>Thread safe. {@link #refuse} and {@link #accept} close and reopen the listening port.
 */
public final class ObjectStoreProxy implements AutoCloseable {

    private static final String SLOW_DOWN_BODY = "<Error><Code>SlowDown</Code><Message>injected</Message></Error>";
    private static final byte[] SLOW_DOWN = ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\n"
                    + "Content-Length: " + SLOW_DOWN_BODY.length() + "\r\nConnection: close\r\n\r\n"
                    + SLOW_DOWN_BODY)
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final InetSocketAddress upstream;
    private final InetAddress address;
    private final Random random;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Deed, Long> deeds = new EnumMap<>(Deed.class);
    private volatile StoreFaults faults = StoreFaults.NONE;
    private final Object change = new Object();
    private volatile ServerSocket listener;
    private volatile boolean closed;

    /** What was done with a request. */
    public enum Deed {
        /** Forwarded and answered. */
        SERVED,
        /** Answered with 503. */
        UNAVAILABLE,
        /** Neither forwarded nor answered. */
        SWALLOWED,
        /** Forwarded long after it came. */
        LATE,
        /** Forwarded, done, and not answered. */
        ANSWER_LOST,
        /** The endpoint behind could not be reached. */
        UPSTREAM_FAILED
    }

    private ObjectStoreProxy(InetAddress address, InetSocketAddress upstream, long seed) throws IOException {
        this.address = address;
        this.upstream = upstream;
        this.random = new Random(seed);
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        acceptOn(listener);
    }

    /** Opens a proxy before the endpoint on a loopback port; equal seeds take equal decisions for equal requests in turn. */
    public static ObjectStoreProxy before(int upstreamPort, long seed) {
        return before(upstreamPort, "127.0.0.1", seed);
    }

    /** The same on another of this machine's addresses. */
    public static ObjectStoreProxy before(int upstreamPort, String address, long seed) {
        try {
            return new ObjectStoreProxy(
                    InetAddress.getByName(address),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), upstreamPort),
                    seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL to give to those who want S3. */
    public String endpoint() {
        return "http://" + address.getHostAddress() + ":" + port;
    }

    /** From now on requests meet these faults; connections that hang from earlier ones are cut, and what was held is served. */
    public void inject(StoreFaults next) {
        faults = next;
        cutAll();
        synchronized (change) {
            change.notifyAll();
        }
    }

    /** From now on connections are refused; those open are cut. */
    public void refuse() {
        closeQuietly(listener);
        cutAll();
    }

    /** Ends {@link #refuse}. */
    public void accept() {
        if (listener.isClosed()) {
            try {
                listener = listen(port);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on port " + port + " again", e);
            }
            acceptOn(listener);
        }
    }

    /** How many requests this was done with so far. */
    public long count(Deed deed) {
        synchronized (deeds) {
            return deeds.getOrDefault(deed, 0L);
        }
    }

    /** What is held is thrown away. */
    @Override
    public void close() {
        refuse();
        closed = true;
        synchronized (change) {
            change.notifyAll();
        }
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port), 200);
        return socket;
    }

    private void acceptOn(ServerSocket socket) {
        daemon("store-proxy-" + port, () -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    open.add(connection);
                    daemon("store-proxy-" + port + "-connection", () -> handle(connection));
                } catch (SocketException e) {
                    return; // closed by refuse()
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void handle(Socket client) {
        try (client) {
            StoreFaults now = faults;
            if (now.silent()) {
                swallow(client);
                return;
            }
            InputStream in = new BufferedInputStream(client.getInputStream());
            List<String> head = HttpMessage.readHead(in);
            if (head != null) {
                if ("100-continue".equalsIgnoreCase(HttpMessage.header(head, "Expect"))) {
                    client.getOutputStream().write(CONTINUE);
                }
                HttpMessage request = new HttpMessage(head, HttpMessage.readRequestBody(head, in));
                answer(client, request, now);
            }
        } catch (IOException e) {
            // the caller went away or was cut off: it sees the same and tries again
        } finally {
            open.remove(client);
        }
    }

    private void answer(Socket client, HttpMessage request, StoreFaults now) throws IOException {
        String method = request.head().get(0).split(" ", 2)[0];
        if (now.writesHeld() && !READS.contains(method)) {
            awaitChange(now);
            if (!closed) {
                forward(method, request);
                did(Deed.LATE);
            }
            return;
        }
        double luck = chance();
        if (luck < now.unavailable()) {
            client.getOutputStream().write(SLOW_DOWN);
            did(Deed.UNAVAILABLE);
        } else if (luck < now.unavailable() + now.swallowed()) {
            swallow(client);
        } else {
            if (!now.delay().isZero()) {
                Waiting.pause(now.delay());
            }
            HttpMessage answer = forward(method, request);
            boolean put = method.equals("PUT") && HttpMessage.status(answer.head()) / 100 == 2;
            if (put && chance() < now.answerLost()) {
                client.setSoLinger(true, 0);
                did(Deed.ANSWER_LOST);
            } else {
                client.getOutputStream().write(answer.encode(List.of("Connection", "Keep-Alive"), "Connection: close"));
                client.getOutputStream().flush();
                did(Deed.SERVED);
            }
        }
    }

    private void awaitChange(StoreFaults now) {
        synchronized (change) {
            while (faults == now && !closed) {
                try {
                    change.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts this", e);
                }
            }
        }
    }

    private HttpMessage forward(String method, HttpMessage request) throws IOException {
        try (Socket server = new Socket()) {
            open.add(server);
            try {
                server.connect(upstream, 2_000);
                OutputStream out = server.getOutputStream();
                out.write(request.encode(List.of("Connection", "Expect"), "Connection: close"));
                out.flush();
                InputStream in = new BufferedInputStream(server.getInputStream());
                List<String> head = HttpMessage.readHead(in);
                while (head != null && HttpMessage.status(head) == 100) {
                    head = HttpMessage.readHead(in);
                }
                if (head == null) {
                    throw new IOException("no answer from " + upstream);
                }
                return new HttpMessage(head, HttpMessage.readAnswerBody(method, head, in));
            } finally {
                open.remove(server);
            }
        } catch (IOException e) {
            did(Deed.UPSTREAM_FAILED);
            throw e;
        }
    }

    private double chance() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    private void did(Deed deed) {
        synchronized (deeds) {
            deeds.merge(deed, 1L, Long::sum);
        }
    }

    /** Keeps a caller waiting until it goes away or is cut off; whatever it still sends is thrown away. */
    private void swallow(Socket client) throws IOException {
        did(Deed.SWALLOWED);
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private void cutAll() {
        for (Socket socket : open) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }
}
