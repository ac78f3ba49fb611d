package io.tidemark.daemon.process;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Finds ports on which nobody listens. They lie below the range from which Linux takes ports for outgoing connections
 * (32768 up): a node's port must not be taken by somebody's connection while the node is down.
 *
 * <p>Ports are taken from blocks. The first one of a block is listened on until this process ends, so that another process
 * that looks at the same time takes another block.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int BLOCK = 16;
    private static final int ATTEMPTS = 10_000;
    private static final List<ServerSocket> CLAIMS = new CopyOnWriteArrayList<>();

    private final RandomGenerator random;

    public FreePorts(RandomGenerator random) {
        this.random = random;
    }

    /** Distinct free ports of the loopback interface, up to 15. */
    public List<Integer> take(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int claim = FIRST + BLOCK * random.nextInt((LAST - FIRST) / BLOCK);
            List<Integer> ports = IntStream.rangeClosed(claim + 1, claim + Math.min(count, BLOCK - 1))
                    .boxed()
                    .toList();
            if (ports.size() == count && claimed(claim, ports)) {
                return ports;
            }
        }
        throw new TidemarkException(
                ErrorKind.UNAVAILABLE,
                "found no " + count + " free ports between " + FIRST + " and " + LAST
                        + "; give them by --http-ports, --raft-ports and --s3-port");
    }

    private static boolean claimed(int claim, List<Integer> ports) {
        ServerSocket held;
        try {
            held = new ServerSocket(claim, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return false;
        }
        CLAIMS.add(held);
        return ports.stream().allMatch(port -> isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
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
