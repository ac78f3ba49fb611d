package io.tidemark.bench.cluster;

import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.load.Workload;
import io.tidemark.bench.process.ThreadGroups.Group;
import java.util.List;
import java.util.Map;

/**
 * One row of one round.
 *
 * @param round from 1
 * @param target name of the cluster
 * @param measurement what the writers saw; null when the row failed
 * @param leaderCpuNanos CPU time of the leader's process by group of threads, within the window
 * @param residentBytes memory of each daemon at the end of the window, in the order of their names
 * @param failure why there is no measurement, or null
 */
public record Result(
        int round,
        String target,
        Workload workload,
        Measurement measurement,
        Map<Group, Long> leaderCpuNanos,
        List<Long> residentBytes,
        String failure) {

    static Result failed(int round, String target, Workload workload, String failure) {
        return new Result(round, target, workload, null, Map.of(), List.of(), failure);
    }
}
