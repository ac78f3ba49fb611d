package io.tidemark.shipper.trial;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private volatile Mode mode = Mode.PASS;
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
            Message request = Message.read(fromClient, toClient, null);
            while (request != null && answer(request, client, server, toClient)) {
                request = Message.read(fromClient, toClient, null);
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
    private boolean answer(Message request, Socket client, Socket server, OutputStream toClient) throws IOException {
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

    private boolean forward(Message request, Socket client, Socket server, OutputStream toClient) throws IOException {
        if (!server.isConnected()) {
            server.connect(upstream, CONNECT_MILLIS);
        }
        request.writeTo(server.getOutputStream());
        Message answer = Message.read(server.getInputStream(), null, request.method());
        if (answer == null) {
            return false;
        }
        if (request.method().equals("PUT") && mode == Mode.DROP_PUT_ANSWERS) {
            faults.incrementAndGet();
            reset(client);
            return false;
        }
        answer.writeTo(toClient);
        return !answer.closes();
    }

    private static void answer503(OutputStream toClient, Message request) throws IOException {
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

    /** One request or answer, whole in memory: start line and headers, and the body as it stood on the wire. */
    private record Message(String startLine, String headers, byte[] body) {
        private static final int HEAD_BYTES_MAX = 64 << 10;

        /**
         * @param interim where to answer "100 Continue" for a request; null when reading an answer
         * @param method of the request, when reading its answer; null when reading a request
         * @return null at the end of the connection
         */
        static Message read(InputStream in, OutputStream interim, String method) throws IOException {
            String startLine = line(in);
            if (startLine.isEmpty()) {
                return null;
            }
            StringBuilder headers = new StringBuilder();
            long length = 0;
            boolean chunked = false;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                String lower = header.toLowerCase(java.util.Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Long.parseLong(lower.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
                    chunked = true;
                } else if (lower.startsWith("expect:") && interim != null) {
                    interim.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    interim.flush();
                    continue;
                }
                headers.append(header).append("\r\n");
            }
            if (startLine.startsWith("HTTP/1.1 100")) {
                return read(in, interim, method);
            }
            boolean empty = "HEAD".equals(method) || startLine.contains(" 204 ") || startLine.contains(" 304 ");
            byte[] body = empty ? new byte[0] : chunked ? chunks(in) : in.readNBytes(Math.toIntExact(length));
            if (!empty && !chunked && body.length != length) {
                throw new EOFException("body of " + length + " bytes ends after " + body.length);
            }
            return new Message(startLine, headers.toString(), body);
        }

        private static byte[] chunks(InputStream in) throws IOException {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            while (true) {
                String sizeLine = line(in);
                int size = Integer.parseInt(sizeLine.split(";", 2)[0].strip(), 16);
                raw.writeBytes((sizeLine + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                raw.writeBytes(in.readNBytes(size));
                if (size == 0) {
                    for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
                        raw.writeBytes((trailer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    }
                    raw.writeBytes(new byte[] {'\r', '\n'});
                    return raw.toByteArray();
                }
                raw.writeBytes((line(in) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
                if (c != '\r') {
                    line.append((char) c);
                }
                if (line.length() > HEAD_BYTES_MAX) {
                    throw new IOException("a header line longer than " + HEAD_BYTES_MAX + " bytes");
                }
            }
            return line.toString();
        }

        String method() {
            return startLine.substring(0, startLine.indexOf(' '));
        }

        boolean closes() {
            return headers.toLowerCase(java.util.Locale.ROOT).contains("connection: close");
        }

        void writeTo(OutputStream out) throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length + 1024);
            whole.writeBytes((startLine + "\r\n" + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            whole.writeBytes(body);
            whole.writeTo(out);
            out.flush();
        }
    }
}
