package io.tidemark.jepsen.run;

import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.nemesis.Pace;
import io.tidemark.jepsen.plant.PlantedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to run.
 *
 * @param workloads names in {@link Workloads}, at least one; all work beside one another, each with a history of its own
 * @param nemeses names in {@link Catalogue}; empty = none
 * @param nodes 3 or 5
 * @param time how long the workloads run under blows, from 5 s
 * @param longestBlow from 1 s
 * @param seed of workloads and nemeses
 * @param processes callers at once of each workload, from 1
 * @param stagger mean rest of a caller between its calls; zero = none
 * @param out directory for history, report and verdict; of several workloads each has its own within
 * @param planted a bug that the daemons have, empty for none
 */
public record RunOptions(
        List<String> workloads,
        List<String> nemeses,
        int nodes,
        Duration time,
        Duration longestBlow,
        long seed,
        int processes,
        Duration stagger,
        Path out,
        Optional<PlantedFault> planted) {

    /** Name that stands for all workloads, or all nemeses. */
    public static final String ALL = "all";

    /** Callers of a workload, unless told otherwise. */
    static final String PROCESSES = "6";

    /** Checks every option by itself; {@link IllegalArgumentException} says what is wrong. */
    public RunOptions {
        workloads = workloads.equals(List.of(ALL)) ? List.copyOf(Workloads.all().keySet()) : List.copyOf(workloads);
        workloads.forEach(Workloads::check);
        if (workloads.isEmpty() || workloads.stream().distinct().count() < workloads.size()) {
            throw new IllegalArgumentException("a run has one workload or several different ones, not " + workloads);
        }
        nemeses = nemeses.equals(List.of(ALL)) ? Catalogue.names() : List.copyOf(nemeses);
        nemeses.forEach(Catalogue::of);
        if (nodes != 3 && nodes != 5) {
            throw new IllegalArgumentException("a cluster has 3 or 5 nodes, not " + nodes);
        }
        if (time.toSeconds() < 5) {
            throw new IllegalArgumentException("a run takes 5 s at least, not " + time.toSeconds());
        }
        if (longestBlow.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "the longest blow takes 1 s at least, not " + longestBlow.toMillis() + " ms");
        }
        if (processes < 1) {
            throw new IllegalArgumentException("a workload has one process at least, not " + processes);
        }
    }

    /** Three nodes, six callers without rest, blows up to a quarter of the time. */
    public static RunOptions of(String workload, List<String> nemeses, Duration time, long seed, Path out) {
        return new RunOptions(
                List.of(workload),
                nemeses,
                3,
                time,
                Pace.longestOf(time),
                seed,
                Integer.parseInt(PROCESSES),
                Duration.ZERO,
                out,
                Optional.empty());
    }

    /** The same with a bug in the daemons. */
    RunOptions with(PlantedFault fault) {
        return new RunOptions(
                workloads, nemeses, nodes, time, longestBlow, seed, processes, stagger, out, Optional.of(fault));
    }

    /** Where a workload's history and report are. */
    Path directoryOf(String workload) {
        return workloads.size() == 1 ? out : out.resolve(workload);
    }

    /** The workloads in a word. */
    String workload() {
        boolean all =
                workloads.size() > 1 && workloads.containsAll(Workloads.all().keySet());
        return all ? ALL : String.join(",", workloads);
    }

    /** The nemeses in a word; empty for none. */
    String nemesis() {
        return nemeses.equals(Catalogue.names()) ? ALL : String.join("+", nemeses);
    }

    /** The command that repeats this run. */
    public String command() {
        return String.format(
                Locale.ROOT,
                "./tidemark jepsen run --workload %s%s --nodes %d --time %ds%s --seed %d --processes %d%s%s",
                workload(),
                nemeses.isEmpty() ? "" : " --nemesis " + nemesis().replace('+', ','),
                nodes,
                time.toSeconds(),
                longestBlow.equals(Pace.longestOf(time)) ? "" : " --blow " + longestBlow.toSeconds() + "s",
                seed,
                processes,
                stagger.isZero() ? "" : " --stagger " + stagger.toMillis() + "ms",
                planted.map(fault -> " --plant " + fault.option()).orElse(""));
    }
}
