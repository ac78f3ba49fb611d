package io.tidemark.shipper;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted about shipping; one set per node, whoever leads. */
final class ShipperMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ShipperMetrics.class);

    final Counter segments;
    final Counter segmentBytes;
    final Counter manifests;
    final Counter advances;
    final Counter adopted;
    final Counter failures;

    /** Segments that are sealed and not yet in S3, or not yet named. */
    final Counter underWay;

    private final Counter chainsDiffer;
    private final Counter damaged;

    ShipperMetrics(MetricRegistry metrics) {
        segments = metrics.counter("shipper.segments");
        segmentBytes = metrics.counter("shipper.segment-bytes");
        manifests = metrics.counter("shipper.manifests");
        advances = metrics.counter("shipper.advances");
        adopted = metrics.counter("shipper.adopted-objects");
        failures = metrics.counter("shipper.failures");
        underWay = metrics.counter("shipper.segments-under-way");
        chainsDiffer = metrics.counter("shipper.chains-differ");
        damaged = metrics.counter("shipper.damaged-objects");
    }

    void segment(long bytes) {
        segments.inc();
        segmentBytes.inc(bytes);
    }

    void shipped(long lsn) {
        advances.inc();
        LOG.debug("shipped through LSN {}", lsn);
    }

    /** Which of the two nodes is wrong cannot be known here; shipping does not depend on it (rule C1). */
    void chainsDiffer(long lsn, long own, long other) {
        chainsDiffer.inc();
        LOG.error(
                "redo chain after LSN {} is {} on this node and {} in S3: one of two nodes has other pages; run verify",
                lsn,
                HexFormat.of().toHexDigits(own),
                HexFormat.of().toHexDigits(other));
    }

    void damaged(String what) {
        damaged.inc();
        LOG.error("{}", what);
    }
}
