package io.tidemark.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of loopback that nobody listens on. */
public final class Ports {
    private Ports() {}

    /** Below the range from which the system takes ports for outgoing connections: one of those may come between. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue; // taken: another one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
