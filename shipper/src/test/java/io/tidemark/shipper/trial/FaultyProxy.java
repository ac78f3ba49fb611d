package io.tidemark.shipper.trial;

import io.tidemark.shipper.trial.S3Hazard.Said;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 proxy in front of an S3 endpoint, on the loopback interface, that misbehaves by switch. The host header
 * passes untouched, so signatures stay valid. Threads: one that accepts, one per connection. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {

    /** What it does with each request that begins now. */
    public enum Mode {
        PASS,
        /** Connections are reset. */
        REFUSE,
        /** Requests are read and never answered, nor forwarded. */
        BLACKHOLE,
        /** Every request is answered 503 SlowDown and not forwarded. */
        ANSWER_503,
        /** PUTs are forwarded and done, then the connection breaks instead of the answer; all else passes. */
        DROP_PUT_ANSWERS
    }

    private static final byte[] SLOW_DOWN = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
                    + "<Message>Please reduce your request rate.</Message></Error>")
            .getBytes(StandardCharsets.UTF_8);

    private static final int CONNECT_MILLIS = 2_000;

    private final InetSocketAddress upstream;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger faults = new AtomicInteger();
    private final Queue<Scripted> script = new ConcurrentLinkedQueue<>();
    private final Queue<Lost> lost = new ConcurrentLinkedQueue<>();
    private final Queue<HttpMessage> seen = new ConcurrentLinkedQueue<>();
    private volatile Mode mode = Mode.PASS;
    private volatile HazardPlan plan;
    private volatile boolean closed;

    /** Listens on a free port of the loopback interface, in front of a server there. */
    public FaultyProxy(int upstreamPort) {
        this(0, upstreamPort);
    }

    /** Listens on the given port, 0 for a free one. */
    public FaultyProxy(int port, int upstreamPort) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        upstream = new InetSocketAddress(loopback, upstreamPort);
        try {
            listening = new ServerSocket(port, 100, loopback);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        start("faulty-proxy", this::acceptAll);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Takes effect on requests that begin from now on; {@link Mode#REFUSE} also resets what is open. */
    public void mode(Mode next) {
        mode = next;
        if (next == Mode.REFUSE) {
            resetAll();
        }
    }

    /**
     * The next request of this method is not forwarded, but answered so, whatever the mode; after those scripted before.
     *
     * @param method PUT, GET, ...
     * @param headers whole lines, each with CR LF; may be empty
     * @param declaredBytes what the answer says of its body; less arrives when that is less
     */
    public void answerNext(String method, int status, String headers, String body, int declaredBytes) {
        script.add(new Scripted(method, status, headers, body, declaredBytes));
    }

    /** The next request of this method is answered with an error of S3, as it writes them. */
    public void answerNext(String method, int status, String code) {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>said by the test</Message></Error>";
        answerNext(method, status, "Content-Type: application/xml\r\n", body, body.length());
    }

    /** From now on requests go by this plan; null for none. */
    public void plan(HazardPlan next) {
        plan = next;
    }

    private record Scripted(String method, int status, String headers, String body, int declaredBytes) {}

    /** Requests since the last {@link #forget}, in order, as {@code METHOD target}. */
    public List<String> requests() {
        return seen.stream().map(m -> m.method() + " " + m.target()).toList();
    }

    /** Their methods, in order, with blanks between. */
    public String methods() {
        return String.join(" ", seen.stream().map(HttpMessage::method).toList());
    }

    /** The header of the last request of this method; null when it had none. */
    public String lastHeader(String method, String name) {
        HttpMessage last = null;
        for (HttpMessage message : seen) {
            last = message.method().equals(method) ? message : last;
        }
        return last == null ? null : last.header(name);
    }

    /** The next request of this method whose target has this part is forwarded and done, and its answer lost. */
    public void loseAnswerOf(String method, String targetPart) {
        lost.add(new Lost(method, targetPart));
    }

    private record Lost(String method, String targetPart) {
        boolean fits(HttpMessage request) {
            return request.method().equals(method) && request.target().contains(targetPart);
        }
    }

    /** Forgets requests and what is still scripted. */
    public void forget() {
        seen.clear();
        script.clear();
        lost.clear();
    }

    public Mode mode() {
        return mode;
    }

    /** Requests that were not answered as the server would have. */
    public int faults() {
        return faults.get();
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(listening);
        resetAll();
    }

    private void resetAll() {
        open.forEach(FaultyProxy::reset);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                if (mode == Mode.REFUSE) {
                    faults.incrementAndGet();
                    reset(client);
                } else {
                    start("faulty-proxy-connection", () -> serve(client));
                }
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        Socket server = new Socket();
        open.add(server);
        try {
            InputStream fromClient = new BufferedInputStream(client.getInputStream());
            OutputStream toClient = new BufferedOutputStream(client.getOutputStream());
            HttpMessage request = HttpMessage.read(fromClient, toClient, null);
            while (request != null && answer(request, client, server, toClient)) {
                request = HttpMessage.read(fromClient, toClient, null);
            }
            client.close();
        } catch (IOException e) {
            // a broken connection is what this class is for; the client sees it as such
            reset(client);
        } finally {
            open.remove(client);
            open.remove(server);
            closeQuietly(server);
        }
    }

    /** False when the connection is over. */
    private boolean answer(HttpMessage request, Socket client, Socket server, OutputStream toClient)
            throws IOException {
        seen.add(new HttpMessage(request.startLine(), request.headers(), new byte[0]));
        Scripted scripted = script.peek();
        if (scripted != null && scripted.method().equals(request.method())) {
            script.remove();
            faults.incrementAndGet();
            return answerAs(scripted, request, toClient);
        }
        HazardPlan planned = plan;
        if (planned != null) {
            return say(planned.pass(request, this::serve), client, toClient);
        }
        switch (mode) {
            case REFUSE -> {
                faults.incrementAndGet();
                reset(client);
                return false;
            }
            case BLACKHOLE -> {
                faults.incrementAndGet();
                return true;
            }
            case ANSWER_503 -> {
                faults.incrementAndGet();
                answer503(toClient, request);
                return true;
            }
            case PASS, DROP_PUT_ANSWERS -> {
                return forward(request, client, server, toClient);
            }
        }
        throw new IllegalStateException("no such mode");
    }

    private boolean forward(HttpMessage request, Socket client, Socket server, OutputStream toClient)
            throws IOException {
        if (!server.isConnected()) {
            server.connect(upstream, CONNECT_MILLIS);
        }
        request.writeTo(server.getOutputStream());
        HttpMessage answer = HttpMessage.read(server.getInputStream(), null, request.method());
        if (answer == null) {
            return false;
        }
        Lost first = lost.peek();
        boolean lose = first != null && first.fits(request) && lost.remove(first);
        if (lose || request.method().equals("PUT") && mode == Mode.DROP_PUT_ANSWERS) {
            faults.incrementAndGet();
            reset(client);
            return false;
        }
        answer.writeTo(toClient);
        return !answer.closes();
    }

    /** On a connection of its own, since nobody may wait for it any more. */
    public HttpMessage serve(HttpMessage request) throws IOException {
        try (Socket server = new Socket()) {
            server.connect(upstream, CONNECT_MILLIS);
            request.writeTo(server.getOutputStream());
            HttpMessage answer = HttpMessage.read(server.getInputStream(), null, request.method());
            if (answer == null) {
                throw new IOException("the server ends the connection");
            }
            return answer.unchunked();
        }
    }

    /** Silence is a connection that ends, so that nobody waits for a time-out. */
    private boolean say(Said said, Socket client, OutputStream toClient) throws IOException {
        if (said.isWhole()) {
            said.answer().writeTo(toClient);
            return !said.answer().closes();
        }
        faults.incrementAndGet();
        if (said.answer() != null) {
            HttpMessage answer = said.answer();
            answer.writeTo(toClient, said.bytes());
        }
        if (said.reset()) {
            reset(client);
        }
        return false;
    }

    private static boolean answerAs(Scripted scripted, HttpMessage request, OutputStream toClient) throws IOException {
        String head = "HTTP/1.1 " + scripted.status() + " Scripted\r\n" + scripted.headers() + "Content-Length: "
                + scripted.declaredBytes() + "\r\n\r\n";
        toClient.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            toClient.write(scripted.body().getBytes(StandardCharsets.ISO_8859_1));
        }
        toClient.flush();
        return scripted.declaredBytes() == scripted.body().length();
    }

    private static void answer503(OutputStream toClient, HttpMessage request) throws IOException {
        String head = "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: " + SLOW_DOWN.length
                + "\r\n\r\n";
        toClient.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            toClient.write(SLOW_DOWN);
        }
        toClient.flush();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already: nothing to reset
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket does not close", e);
        }
    }
}
