package io.tidemark.bench.cluster;

import io.tidemark.bench.load.ClosedLoop.Window;
import io.tidemark.bench.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param values bytes of a value, one block of rows each
 * @param writers writes in flight, one row each
 * @param rounds how often each cluster takes its turn, at least 1
 * @param warmUp load on each cluster before its first round; up to twice as long while its JIT is busy
 * @param row warm-up and window of each row
 * @param probe length of each of the disk probes before a round
 * @param limit shared evenly among the turns; rows that would start after their turn is over are left out, and the
 *     report says so
 */
public record Plan(
        List<Integer> values,
        List<Integer> writers,
        int rounds,
        Duration warmUp,
        Window row,
        Duration probe,
        Duration limit) {

    public static final List<Integer> VALUES = List.of(128, 1 << 10, 16 << 10, 1 << 20);
    public static final List<Integer> WRITERS = List.of(1, 64, 512);

    public Plan {
        values = List.copyOf(values);
        writers = List.copyOf(writers);
        if (rounds < 1 || values.isEmpty() || writers.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to measure: rounds " + rounds + ", values " + values + ", writers " + writers);
        }
    }

    /** Two rounds, 12 rows of 4 s each; below ten minutes with two clusters. */
    public static Plan full() {
        return new Plan(
                VALUES,
                WRITERS,
                2,
                Duration.ofSeconds(18),
                new Window(Duration.ofMillis(500), Duration.ofMillis(3500)),
                Duration.ofSeconds(1),
                Duration.ofSeconds(420));
    }

    /** One round, 12 rows of 1.5 s; below two minutes with two clusters. */
    public static Plan quick() {
        return new Plan(
                VALUES,
                WRITERS,
                1,
                Duration.ofSeconds(5),
                new Window(Duration.ofMillis(250), Duration.ofMillis(1250)),
                Duration.ofMillis(500),
                Duration.ofSeconds(50));
    }

    /** Rows in the order of the report. */
    public List<Workload> workloads() {
        List<Workload> workloads = new ArrayList<>();
        for (int value : values) {
            for (int writer : writers) {
                workloads.add(new Workload(value, writer));
            }
        }
        return workloads;
    }
}
