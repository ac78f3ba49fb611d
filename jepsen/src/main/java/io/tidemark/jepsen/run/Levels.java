package io.tidemark.jepsen.run;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.ProcessLevels;
import io.tidemark.jepsen.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What the daemons held at the end of each round of a soak, and whether it grew. */
final class Levels {

    /** The mean of the last third may exceed the mean of the first by this factor, and by what any process may need. */
    private static final double GROWTH_MAX = 1.2;

    private static final Map<String, Limit> LIMITS = new LinkedHashMap<>();

    static {
        LIMITS.put("heap bytes", new Limit(s -> s.process().heap(), 8L << 20));
        LIMITS.put("threads", new Limit(s -> s.process().threads(), 4));
        LIMITS.put("descriptors", new Limit(s -> s.process().descriptors(), 12));
        LIMITS.put("resident bytes", new Limit(s -> s.process().resident(), 48L << 20));
        LIMITS.put("disk bytes", new Limit(Sample::disk, 64L << 20));
    }

    private record Limit(ToLongFunction<Sample> of, long slack) {}

    private record Sample(int round, String node, long pid, ProcessLevels process, long disk) {}

    private final List<Sample> samples = new ArrayList<>();

    /** Looks at all nodes of a cluster at rest. */
    void sample(int round, Cluster cluster) {
        for (String node : cluster.names()) {
            long pid = cluster.pid(node);
            long disk = Trees.bytes(cluster.directory().resolve(node));
            samples.add(new Sample(round, node, pid, ProcessLevels.ofJvm(pid), disk));
        }
    }

    /** What was seen last, in a line. */
    String latest() {
        StringBuilder line = new StringBuilder();
        int round = samples.get(samples.size() - 1).round();
        samples.stream()
                .filter(s -> s.round() == round)
                .forEach(s -> line.append(String.format(
                        Locale.ROOT,
                        "  %s: heap %d MiB, %d threads, %d descriptors, resident %d MiB, disk %d MiB",
                        s.node(),
                        s.process().heap() >> 20,
                        s.process().threads(),
                        s.process().descriptors(),
                        s.process().resident() >> 20,
                        s.disk() >> 20)));
        return line.toString().strip();
    }

    /** What grew, in words; empty if all is level. Fewer than six rounds say nothing. */
    List<String> grown() {
        List<String> grown = new ArrayList<>();
        int rounds = samples.stream().mapToInt(Sample::round).max().orElse(0);
        LIMITS.forEach((what, limit) -> {
            double first = mean(limit, 1, rounds / 3);
            double last = mean(limit, rounds - rounds / 3 + 1, rounds);
            if (rounds >= 6 && last > first * GROWTH_MAX + limit.slack()) {
                grown.add(String.format(
                        Locale.ROOT, "%s: a mean of %,.0f in the first third, %,.0f in the last", what, first, last));
            }
        });
        return grown;
    }

    private double mean(Limit limit, int from, int to) {
        return samples.stream()
                .filter(s -> s.round() >= from && s.round() <= to)
                .mapToLong(limit.of())
                .average()
                .orElse(0);
    }

    /** Writes all samples as comma-separated values. */
    void write(Path file) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of("round,node,pid,heap_bytes,threads,descriptors,resident_bytes,disk_bytes"));
        for (Sample s : samples) {
            ProcessLevels p = s.process();
            lines.add(String.join(
                    ",",
                    "" + s.round(),
                    s.node(),
                    "" + s.pid(),
                    "" + p.heap(),
                    "" + p.threads(),
                    "" + p.descriptors(),
                    "" + p.resident(),
                    "" + s.disk()));
        }
        Files.write(file, lines);
    }
}
