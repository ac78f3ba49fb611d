package io.tidemark.daemon.process;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes a whole cluster down: the nodes together, then the S3 endpoint that they may still be writing to. */
public final class Shutdown {
    private final ClusterFile cluster;
    private final ClusterProcesses processes;

    public Shutdown(ClusterFile cluster, ClusterProcesses processes) {
        this.cluster = cluster;
        this.processes = processes;
    }

    /** How each process ended, in order; nothing runs any more on return. */
    public Map<String, StopOutcome> stopAll(Duration patience) {
        Map<String, CompletableFuture<StopOutcome>> asked = new LinkedHashMap<>();
        for (NodeAddress node : cluster.nodes()) {
            asked.put(
                    node.name(),
                    CompletableFuture.supplyAsync(
                            () -> processes.stop(node.name(), patience),
                            task -> new Thread(task, "stop-" + node.name()).start()));
        }
        Map<String, StopOutcome> outcomes = new LinkedHashMap<>();
        asked.forEach((name, outcome) -> outcomes.put(name, outcome.join()));
        if (cluster.s3().embedded()) {
            outcomes.put(ClusterDirectory.S3, processes.stop(ClusterDirectory.S3, patience));
        }
        return outcomes;
    }
}
