package io.tidemark.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.cluster.Comparison.Outcome;
import io.tidemark.bench.cluster.Result;
import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.load.Workload;
import io.tidemark.bench.process.ThreadGroups.Group;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ClusterReportTest {
    private static final Machine MACHINE = new Machine("abc", "JVM 17", "a CPU", 2, 24L << 30, "Linux", 0);
    private static final Workload SMALL = new Workload(128, 512);

    @Test
    void aTableIsAlignedForReadersOfItsSource() {
        MarkdownTable table =
                new MarkdownTable("value", "writes/s").row("128 B", "12345").row("1 MiB", "9");
        assertEquals("""
                | value | writes/s |
                |:------|---------:|
                | 128 B |    12345 |
                | 1 MiB |        9 |
                """, table.toString());
        assertThrows(IllegalArgumentException.class, () -> table.row("one cell"));
    }

    @Test
    void ratesRatiosAndCpuPerWriteAreThere() {
        Outcome outcome = new Outcome(
                List.of("bare", "tidemark"),
                List.of(row(1, "bare", 1000), row(1, "tidemark", 3000), row(2, "bare", 1000), row(2, "tidemark", 5000)),
                List.of(),
                0,
                1);
        String page = new ClusterReport(outcome, MACHINE, LocalDate.of(2026, 11, 20), List.of("a note")).markdown();
        assertTrue(page.contains("4000 (3000 / 5000)"), page);
        assertTrue(page.contains("4.00"), page);
        assertTrue(page.contains(Group.APPLY.label()), page);
        assertTrue(page.contains("1 rows left out"), page);
        assertTrue(page.contains("a note") && page.contains("commit abc"), page);
    }

    @Test
    void aRowThatFailedIsNamed() {
        Result failed = new Result(1, "bare", SMALL, null, Map.of(), List.of(), "no leader");
        Outcome outcome = new Outcome(List.of("bare"), List.of(failed), List.of(), 0, 0);
        String page = new ClusterReport(outcome, MACHINE, LocalDate.of(2026, 11, 20), List.of()).markdown();
        assertTrue(page.contains("128 B x 512: no leader"), page);
    }

    private static Result row(int round, String target, int writes) {
        Histogram micros = new Histogram(3);
        micros.recordValueWithCount(1500, writes);
        Measurement measurement = new Measurement(micros, 1_000_000_000, 0, null);
        return new Result(round, target, SMALL, measurement, Map.of(Group.APPLY, 5_000_000L), List.of(1L << 20), null);
    }
}
