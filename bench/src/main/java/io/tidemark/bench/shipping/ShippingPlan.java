package io.tidemark.bench.shipping;

import io.tidemark.bench.load.ClosedLoop.Window;
import io.tidemark.bench.load.Workload;
import java.time.Duration;

/**
 * What is measured.
 *
 * @param backlogBytes written while S3 is away, and shipped then
 * @param backlogValueBytes of each value of it
 * @param parallel plain PUTs under way at once: as many as the cluster's {@code s3-parallel-segments}
 * @param workload of the windows whose latency is measured
 * @param window each of them
 * @param rounds of everything, in turns
 */
public record ShippingPlan(
        long backlogBytes, int backlogValueBytes, int parallel, Workload workload, Window window, int rounds) {
    private static final int PARALLEL = 3;

    public static ShippingPlan of(long backlogMebibytes, int writers, int valueBytes, double seconds, int rounds) {
        return new ShippingPlan(
                backlogMebibytes << 20,
                256 << 10,
                PARALLEL,
                new Workload(valueBytes, writers),
                new Window(Duration.ofSeconds(2), Duration.ofMillis(Math.round(seconds * 1000))),
                rounds);
    }
}
