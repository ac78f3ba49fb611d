package io.tidemark.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DaemonMetricsTest {
    @Test
    void valuesOfOneNameAreSummedOverLabelsAndDaemonsAndCommentsAreNone() {
        Map<String, Double> sums = new TreeMap<>();
        DaemonMetrics.add("# HELP s3_bytes_sent_total 7\ns3_bytes_sent_total 1.5E3\nlag{node=\"n1\"} 2\n", sums);
        DaemonMetrics.add("s3_bytes_sent_total 10.0\nlag{node=\"n2\",x=\"y z\"} 3.0\n", sums);
        assertEquals(Map.of("s3_bytes_sent_total", 1_510.0, "lag", 5.0), sums);
    }
}
