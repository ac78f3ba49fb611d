package io.tidemark.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that says exactly what a test has it say: one script for each connection, in order, the last for all further. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket server;
    private final Script[] scripts;
    final AtomicInteger connections = new AtomicInteger();

    /** What one connection says. */
    interface Script {
        void run(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    ScriptedServer(Script... scripts) throws IOException {
        this.scripts = scripts;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "scripted-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers every request with these bytes, as long as requests come. */
    static Script saying(String answer) {
        return (in, out) -> {
            while (request(in)) {
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        };
    }

    /** Takes one request, whose body is small, and says these bytes before it closes. */
    static Script sayingOnce(String answer) {
        return (in, out) -> {
            request(in);
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        };
    }

    /** Reads one request with its body; false at the end. */
    static boolean request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        int at = head.indexOf("Content-Length: ");
        if (at >= 0) {
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            in.readNBytes(length);
        }
        return true;
    }

    String endpoint() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Script script = scripts[Math.min(connections.getAndIncrement(), scripts.length - 1)];
                Thread thread = new Thread(() -> serve(socket, script), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    private static void serve(Socket socket, Script script) {
        try (socket) {
            script.run(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // The client went away in the middle of the script: what it made of that is for the test to say.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
