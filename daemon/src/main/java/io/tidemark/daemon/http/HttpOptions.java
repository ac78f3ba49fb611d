package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryLimits;
import java.time.Duration;

/**
 * Options of a daemon's port, checked once.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param threadsMax threads that serve requests; a write in flight holds none; default 16
 * @param connectionsMax open connections, more wait to be accepted; default 1,024
 * @param idleTimeout a connection silent for so long is closed; default 60 s
 * @param stopTimeout requests in flight may take so long to end when the server stops; default 3 s
 * @param requestBytesMax memory for bodies of requests in flight; further ones wait for room; must hold one value of the
 *     greatest size; default 24 MiB, so that such values pass one by one: each is copied several times on its way
 * @param replyBytesMax memory for what is read and not yet sent, likewise; each read takes {@link ReadPoint#READ_BYTES}
 *     of it until its size is known; default 64 MiB
 * @param writeTimeout how long a write looks for the leader, and a write of a session is repeated; default 4 s
 * @param readTimeout how long a read waits for its node to have applied what it must see; default 4 s
 * @param scanPageBytes rows of one page of a scan, and of one chunk of a stream; default 1 MiB
 */
public record HttpOptions(
        String host,
        int port,
        int threadsMax,
        int connectionsMax,
        Duration idleTimeout,
        Duration stopTimeout,
        long requestBytesMax,
        long replyBytesMax,
        Duration writeTimeout,
        Duration readTimeout,
        int scanPageBytes) {

    /** A batch of one value of the greatest size fits. */
    public static final int BODY_BYTES_MAX = EntryLimits.VALUE_BYTES_MAX + (1 << 20);

    public static HttpOptions of(String host, int port) {
        return new HttpOptions(
                host,
                port,
                16,
                1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                24L << 20,
                64L << 20,
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                1 << 20);
    }

    public HttpOptions {
        require(port >= 0 && port < 65536, "port", port);
        require(threadsMax >= 8, "threadsMax (at least 8)", threadsMax);
        require(connectionsMax >= 1, "connectionsMax", connectionsMax);
        require(idleTimeout.toMillis() > 0, "idleTimeout", idleTimeout);
        require(!stopTimeout.isNegative(), "stopTimeout", stopTimeout);
        require(
                requestBytesMax >= BODY_BYTES_MAX,
                "requestBytesMax (at least " + BODY_BYTES_MAX + ")",
                requestBytesMax);
        require(
                replyBytesMax >= ReadPoint.READ_BYTES,
                "replyBytesMax (at least " + ReadPoint.READ_BYTES + ")",
                replyBytesMax);
        require(writeTimeout.toMillis() > 0, "writeTimeout", writeTimeout);
        require(readTimeout.toMillis() > 0, "readTimeout", readTimeout);
        require(scanPageBytes >= 1, "scanPageBytes", scanPageBytes);
    }

    private static void require(boolean holds, String option, Object found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "http option " + option + " cannot be " + found);
        }
    }
}
