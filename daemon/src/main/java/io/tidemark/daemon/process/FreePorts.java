package io.tidemark.daemon.process;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds ports on which nobody listens. They lie below the range from which Linux takes ports for outgoing connections
 * (32768 up): a node's port must not be taken by somebody's connection while the node is down.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    private final RandomGenerator random;

    public FreePorts(RandomGenerator random) {
        this.random = random;
    }

    /** Distinct free ports of the loopback interface. */
    public List<Integer> take(int count) {
        List<Integer> taken = new ArrayList<>();
        for (int attempt = 0; attempt < 10_000 && taken.size() < count; attempt++) {
            int port = random.nextInt(FIRST, LAST);
            if (!taken.contains(port) && isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                taken.add(port);
            }
        }
        if (taken.size() < count) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "found no " + count + " free ports between " + FIRST + " and " + LAST
                            + "; give them by --http-ports, --raft-ports and --s3-port");
        }
        return taken;
    }

    /** True when this process could listen there now. */
    public static boolean isFree(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
