package io.tidemark.bench.shipping;

import io.tidemark.bench.load.Measurement;
import java.util.List;
import java.util.Map;

/**
 * What was found.
 *
 * @param rates of each round
 * @param with latency of writes while S3 takes what is written
 * @param without the same while S3 is away: nothing is shipped
 * @param putBytes keys and values that clients put in the windows of {@code with}
 * @param requests to S3 for them, by kind
 * @param sentBytes to S3 for them
 * @param localBytes written to disks by all three daemons for them
 */
public record ShippingFigures(
        List<Rates> rates,
        Measurement with,
        Measurement without,
        long putBytes,
        Map<String, Long> requests,
        long sentBytes,
        long localBytes) {

    /**
     * Bytes per second of the same bytes.
     *
     * @param bytes of log entries shipped, and of the segments put plainly
     * @param shipped by the cluster, segments and all
     * @param plain by the same client, with nothing but PUTs
     */
    public record Rates(long bytes, double shipped, double plain) {}
}
