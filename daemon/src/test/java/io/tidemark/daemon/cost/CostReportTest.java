package io.tidemark.daemon.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.metrics.MetricsText;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostReportTest {
    private static final long GIB = 1L << 30;
    private static final long HOUR = 3_600_000;

    @TempDir
    private Path dir;

    @Test
    void aMonthCostsWhatLiesThereAndWhatIsAskedAsOftenAsSoFar() {
        // an hour of 1,000 writes and 10,000 reads: 730 times that in a month
        NodeUsage leader = new NodeUsage("n1", HOUR, 10 * GIB, 1_000, 10_000, 5 * GIB, GIB);
        NodeUsage idle = new NodeUsage("n2", HOUR, 10 * GIB, 0, 0, 0, 0);
        StoredUsage stored = new StoredUsage(Map.of("log", 100L), Map.of("log", 100 * GIB), 0);
        CostReport report = new CostReport(stored, List.of(leader, idle), PriceTable.standard());

        assertEquals(20 * 0.08 + 100 * 0.023 + 730 * 0.005 + 7_300 * 0.0004, report.dollars(), 1e-9);
        assertTrue(
                report.text().get(report.text().size() - 1).contains("$10.47"),
                report.text().toString());
        assertEquals(report.dollars(), report.json().get("dollarsPerMonth").asDouble(), 1e-9);
    }

    @Test
    void copiesOfSegmentsAreShownByTierAndPaidOnce() {
        NodeUsage node = new NodeUsage("n1", HOUR, 10 * GIB, 0, 0, 0, 0, new NodeUsage.Tiers(2 * GIB, GIB, 50 * GIB));
        CostReport report = new CostReport(null, List.of(node, node), PriceTable.standard());
        assertEquals(20 * 0.08, report.dollars(), 1e-9);
        String text = String.join("\n", report.text());
        assertTrue(text.contains("hot: copies of log segments"), text);
        assertTrue(text.contains("4.000 GiB") && text.contains("2.000 GiB") && text.contains("14.000 GiB"), text);
        assertEquals(100 * GIB, report.json().path("segmentBytes").path("cold").asLong());
    }

    @Test
    void whatADaemonMeasuresIsWhatIsRead() {
        MetricRegistry registry = new MetricRegistry();
        registry.counter("s3.requests.put").inc(7);
        registry.counter("s3.requests.list").inc(2);
        registry.counter("s3.requests.get").inc(30);
        registry.counter("s3.requests.head").inc(4);
        registry.counter("s3.bytes-sent").inc(1_000);
        registry.counter("s3.bytes-received").inc(2_000);
        registry.gauge("tidemark.node.disk.bytes", () -> () -> 5_000_000_000L);
        registry.gauge("tier.bytes.hot", () -> () -> 70L);
        registry.gauge("tier.bytes.cold", () -> () -> 90L);
        String text = new String(new MetricsText(registry).write(), StandardCharsets.UTF_8);

        NodeUsage usage = NodeUsage.parse("n1", text);
        assertTrue(usage.uptimeMillis() > 0, text);
        assertEquals(
                new NodeUsage(
                        "n1",
                        usage.uptimeMillis(),
                        5_000_000_000L,
                        9,
                        34,
                        1_000,
                        2_000,
                        new NodeUsage.Tiers(70, 0, 90)),
                usage,
                text);
    }

    @Test
    void pricesOfAFileStandOverTheStandardOnesAndTheTableIsItsOwnTemplate() throws IOException {
        Path file = Files.writeString(dir.resolve("prices"), "s3-gib-month = 0.01\n");
        PriceTable table = PriceTable.read(file);
        assertEquals(0.01, table.of(Price.S3_GIB_MONTH));
        assertEquals(Price.DISK_GIB_MONTH.standard(), table.of(Price.DISK_GIB_MONTH));

        Files.write(file, table.lines());
        assertEquals(table.lines(), PriceTable.read(file).lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3-gib-mouth=1", "s3-gib-month=cheap", "s3-gib-month=-1", "s3-gib-month=NaN"})
    void whatIsNoPriceIsRefused(String line) throws IOException {
        Path file = Files.writeString(dir.resolve("prices"), line + "\n");
        TidemarkException refused = assertThrows(TidemarkException.class, () -> PriceTable.read(file));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(refused.getMessage().contains("s3-gib-mo"), refused.getMessage());
    }
}
