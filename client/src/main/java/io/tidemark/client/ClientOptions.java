package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.wire.BatchRequest;
import java.time.Duration;
import java.util.List;

/**
 * Options of one client, checked once.
 *
 * @param endpoints nodes of the cluster as {@code host:port}, at least one; the others are found through them only as far
 *     as a node names the leader
 * @param requestTimeout after this a request fails, whatever happened to it; default 30 s
 * @param attemptTimeout after this one attempt at one node is given up and repeated elsewhere; default 5 s
 * @param connectTimeout for opening a connection; default 1 s
 * @param inFlightRequests requests given to the client and not yet answered; past it a caller waits; default 8,192
 * @param inFlightBytes their keys and values, counted likewise; a single larger request is let in alone; default 64 MiB
 * @param batchBytes a batch is cut at this size, a larger request travels alone; default 1 MiB
 * @param batchRequests requests of one batch; at most {@link BatchRequest#COUNT_MAX}; default 1,024
 * @param writeBatches batches of writes in flight at once; default 2
 * @param readBatches batches of reads in flight at once; default 2
 * @param sessionIdle a session unused for so long is not used again, since the cluster forgets idle sessions; default 60 s
 */
public record ClientOptions(
        List<String> endpoints,
        Duration requestTimeout,
        Duration attemptTimeout,
        Duration connectTimeout,
        int inFlightRequests,
        long inFlightBytes,
        int batchBytes,
        int batchRequests,
        int writeBatches,
        int readBatches,
        Duration sessionIdle) {

    public static ClientOptions of(List<String> endpoints) {
        return new ClientOptions(
                endpoints,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                8192,
                64L << 20,
                1 << 20,
                1024,
                2,
                2,
                Duration.ofSeconds(60));
    }

    public ClientOptions {
        endpoints = List.copyOf(endpoints);
        require(!endpoints.isEmpty(), "endpoints", endpoints);
        for (String endpoint : endpoints) {
            require(isHostAndPort(endpoint), "endpoints (each is host:port)", endpoint);
        }
        require(isPositive(requestTimeout), "requestTimeout", requestTimeout);
        require(isPositive(attemptTimeout), "attemptTimeout", attemptTimeout);
        require(isPositive(connectTimeout), "connectTimeout", connectTimeout);
        require(inFlightRequests >= 1, "inFlightRequests", inFlightRequests);
        require(inFlightBytes >= 1, "inFlightBytes", inFlightBytes);
        require(batchBytes >= 1 && batchBytes <= 8 << 20, "batchBytes", batchBytes);
        require(batchRequests >= 1 && batchRequests <= BatchRequest.COUNT_MAX, "batchRequests", batchRequests);
        require(writeBatches >= 1, "writeBatches", writeBatches);
        require(readBatches >= 1, "readBatches", readBatches);
        require(isPositive(sessionIdle), "sessionIdle", sessionIdle);
    }

    /** The same options with another deadline for each request. */
    public ClientOptions withRequestTimeout(Duration timeout) {
        return new ClientOptions(
                endpoints,
                timeout,
                attemptTimeout,
                connectTimeout,
                inFlightRequests,
                inFlightBytes,
                batchBytes,
                batchRequests,
                writeBatches,
                readBatches,
                sessionIdle);
    }

    /** The same options with another time for one attempt at one node. */
    public ClientOptions withAttemptTimeout(Duration timeout) {
        return new ClientOptions(
                endpoints,
                requestTimeout,
                timeout,
                connectTimeout,
                inFlightRequests,
                inFlightBytes,
                batchBytes,
                batchRequests,
                writeBatches,
                readBatches,
                sessionIdle);
    }

    /** The same options with other bounds on what may be in flight. */
    public ClientOptions withInFlight(int requests, long bytes) {
        return new ClientOptions(
                endpoints,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                requests,
                bytes,
                batchBytes,
                batchRequests,
                writeBatches,
                readBatches,
                sessionIdle);
    }

    /** The same options with other bounds on batches. */
    public ClientOptions withBatches(int bytes, int requests, int writes, int reads) {
        return new ClientOptions(
                endpoints,
                requestTimeout,
                attemptTimeout,
                connectTimeout,
                inFlightRequests,
                inFlightBytes,
                bytes,
                requests,
                writes,
                reads,
                sessionIdle);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    private static boolean isHostAndPort(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1 || endpoint.indexOf('/') >= 0) {
            return false;
        }
        try {
            int port = Integer.parseInt(endpoint.substring(colon + 1));
            return port > 0 && port < 65536;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void require(boolean holds, String option, Object found) {
        if (!holds) {
            throw new TidemarkClientException(Kind.INVALID, "client option " + option + " cannot be " + found);
        }
    }
}
