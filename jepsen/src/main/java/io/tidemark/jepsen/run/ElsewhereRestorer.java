package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.AcknowledgedWrites.Row;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.ClusterFile;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.RestoreWorkload;
import java.nio.file.Path;
import java.util.Map;

/** Restores a cluster's history from S3 into a cluster beside it, on loopback, reads that, and ends it. */
record ElsewhereRestorer(Cluster cluster) implements RestoreWorkload.Restorer {

    @Override
    public Map<String, Row> restore(long lsn) {
        Path directory = cluster.directory().resolveSibling("restored-" + lsn);
        ClusterFile.S3 s3 = cluster.file().s3();
        cluster.commands()
                .run(
                        Cluster.PATIENCE,
                        "restore",
                        "--dir",
                        directory.toString(),
                        "--s3",
                        "s3://" + s3.bucket() + "/" + s3.prefix(),
                        "--s3-endpoint",
                        s3.endpoint(),
                        "--history",
                        cluster.file().history(),
                        "--at-lsn",
                        Long.toString(lsn))
                .expectDone();
        try (Cluster restored = Cluster.of(directory, cluster.commands(), null)) {
            cluster.commands()
                    .run(Cluster.PATIENCE, "up", "--detach", "--dir", directory.toString())
                    .expectDone();
            return ClientRegisters.rows(restored.endpoints(), RestoreWorkload.PREFIX);
        }
    }
}
