package io.tidemark.jepsen.run;

import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.plant.PlantedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to run.
 *
 * @param workload its name in {@link Workloads}
 * @param nemeses names in {@link Catalogue}; empty = none
 * @param nodes 3 or 5
 * @param time how long the workload runs under blows, from 5 s
 * @param seed of workload and nemeses
 * @param processes callers at once, from 1
 * @param out directory for history, report and verdict
 * @param planted a bug that the daemons have, empty for none
 */
public record RunOptions(
        String workload,
        List<String> nemeses,
        int nodes,
        Duration time,
        long seed,
        int processes,
        Path out,
        Optional<PlantedFault> planted) {

    /** Checks every option by itself; {@link IllegalArgumentException} says what is wrong. */
    public RunOptions {
        nemeses = List.copyOf(nemeses);
        nemeses.forEach(Catalogue::of);
        Workloads.check(workload);
        if (nodes != 3 && nodes != 5) {
            throw new IllegalArgumentException("a cluster has 3 or 5 nodes, not " + nodes);
        }
        if (time.toSeconds() < 5) {
            throw new IllegalArgumentException("a run takes 5 s at least, not " + time.toSeconds());
        }
        if (processes < 1) {
            throw new IllegalArgumentException("a workload has one process at least, not " + processes);
        }
    }

    /** The command that repeats this run. */
    public String command() {
        return String.format(
                Locale.ROOT,
                "./tidemark jepsen run --workload %s%s --nodes %d --time %ds --seed %d --processes %d%s",
                workload,
                nemeses.isEmpty() ? "" : " --nemesis " + String.join(",", nemeses),
                nodes,
                time.toSeconds(),
                seed,
                processes,
                planted.map(fault -> " --plant " + fault.option()).orElse(""));
    }
}
