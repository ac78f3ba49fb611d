package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.JavaCommand;
import io.tidemark.daemon.process.Startup;
import io.tidemark.daemon.remote.NodeApi;
import java.time.Duration;

/** A cluster's own S3 endpoint, running for as long as a command needs it. */
final class EmbeddedS3 {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private EmbeddedS3() {}

    /** Does the work with the endpoint running, and stops it if it did not run before. Another S3 is left alone. */
    static void during(ClusterDirectory directory, ClusterFile cluster, Runnable work) {
        ClusterProcesses processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
        boolean start = cluster.s3().embedded()
                && processes.running(ClusterDirectory.S3).isEmpty();
        if (start) {
            new Startup(directory, cluster, processes, new NodeApi(), line -> {}).startS3Only(LIMIT);
        }
        try {
            work.run();
        } finally {
            if (start) {
                processes.stop(ClusterDirectory.S3, LIMIT);
            }
        }
    }
}
