package io.tidemark.shipper.store;

/**
 * How long to wait for S3, and how often to ask; checked once. Delays between tries have full jitter.
 *
 * @param connectMillis time to open a connection; default 2,000
 * @param attemptMillis time for one request with its answer, not counting its body, and without a byte from the server in
 *     between; default 10,000. A smaller one makes more answers unclear, a greater one hides a dead endpoint for longer
 * @param slowestBytesPerSecond a body may take so much longer as it would at this rate; default 1 MiB/s
 * @param deadlineMillis no new try begins so long after the first one, its body not counted; at least {@code
 *     attemptMillis}; default 20,000
 * @param backoffFirstMillis upper bound of the first delay between tries; default 50
 * @param backoffMaxMillis upper bound of each delay; default 2,000
 */
public record S3Patience(
        long connectMillis,
        long attemptMillis,
        long slowestBytesPerSecond,
        long deadlineMillis,
        long backoffFirstMillis,
        long backoffMaxMillis) {

    public static S3Patience defaults() {
        return new S3Patience(2_000, 10_000, 1 << 20, 20_000, 50, 2_000);
    }

    public S3Patience {
        S3Options.require(connectMillis >= 1, "the time to connect is at least 1 ms", connectMillis);
        S3Options.require(
                attemptMillis >= connectMillis,
                "the time for one attempt is at least that to connect, " + connectMillis + " ms",
                attemptMillis);
        S3Options.require(
                slowestBytesPerSecond >= 1 << 10, "the slowest rate is at least 1 KiB/s", slowestBytesPerSecond);
        S3Options.require(
                deadlineMillis >= attemptMillis,
                "the deadline is at least the time for one attempt, " + attemptMillis + " ms",
                deadlineMillis);
        S3Options.require(backoffFirstMillis >= 1, "the first back-off is at least 1 ms", backoffFirstMillis);
        S3Options.require(
                backoffMaxMillis >= backoffFirstMillis,
                "the longest back-off is at least the first, " + backoffFirstMillis + " ms",
                backoffMaxMillis);
    }

    public S3Patience withTimeouts(long connect, long attempt, long deadline) {
        return new S3Patience(connect, attempt, slowestBytesPerSecond, deadline, backoffFirstMillis, backoffMaxMillis);
    }

    /** Time for a request with a body of so many bytes. */
    long attemptMillis(long bytes) {
        return attemptMillis + bodyMillis(bytes);
    }

    /** Time for a call with a body of so many bytes and its tries. */
    long deadlineMillis(long bytes) {
        return deadlineMillis + bodyMillis(bytes);
    }

    private long bodyMillis(long bytes) {
        return bytes * 1_000 / slowestBytesPerSecond;
    }
}
