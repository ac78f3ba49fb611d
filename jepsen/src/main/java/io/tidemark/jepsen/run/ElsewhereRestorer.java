package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.AcknowledgedWrites.Row;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.ClusterFile;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.StatusReader;
import io.tidemark.jepsen.cluster.TrialStore;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.RestoreWorkload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Brings back what was, from a cluster's S3 alone and beside it, on loopback; reads that, and ends it. */
record ElsewhereRestorer(Cluster cluster) implements RestoreWorkload.Restorer {

    /** The history of an hour is replayed in minutes. */
    private static final Duration REPLAYED_MAX = Duration.ofMinutes(10);

    @Override
    public long floor() {
        return cluster.objects().floor();
    }

    @Override
    public Map<String, Row> restore(long lsn) {
        Path directory = cluster.directory().resolveSibling("restored-" + lsn);
        cluster.commands().run(REPLAYED_MAX, past("restore", directory, lsn)).expectDone();
        return rowsOf(directory);
    }

    @Override
    public Map<String, Row> fork(long lsn) {
        Path directory = cluster.directory().resolveSibling("forked-" + lsn);
        String of = cluster.directory().toString();
        cluster.commands()
                .run(REPLAYED_MAX, "fork", "--of", of, "--dir", directory.toString(), "--at-lsn", Long.toString(lsn))
                .expectDone();
        return rowsOf(directory);
    }

    private Map<String, Row> rowsOf(Path directory) {
        try (Cluster made = Cluster.of(directory, cluster.commands(), null)) {
            cluster.commands()
                    .run(REPLAYED_MAX, "up", "--detach", "--dir", directory.toString())
                    .expectDone();
            return ClientRegisters.rows(made.endpoints(), RestoreWorkload.PREFIX);
        }
    }

    @Override
    public Map<String, Row> view(long lsn) {
        Path directory = cluster.directory().resolveSibling("viewed-" + lsn);
        String address = "127.0.0.1:" + TrialStore.freePort();
        StatusReader reader = new StatusReader();
        try (CommandLine.Running view = cluster.commands()
                .begin(past("view", directory, lsn, "--http", address, "--scratch", directory.toString()))) {
            Waiting.until(
                    "the view of LSN " + lsn + " answers",
                    REPLAYED_MAX,
                    () -> reader.ready(address) || !view.alive(),
                    answers -> answers);
            if (!view.alive()) {
                throw new AssertionError("there is no view: " + view.await(Cluster.PATIENCE));
            }
            return ClientRegisters.rows(List.of(address), RestoreWorkload.PREFIX);
        }
    }

    private String[] past(String command, Path directory, long lsn, String... more) {
        ClusterFile.S3 s3 = cluster.file().s3();
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "--dir",
                directory.toString(),
                "--s3",
                "s3://" + s3.bucket() + "/" + s3.prefix(),
                "--s3-endpoint",
                s3.endpoint(),
                "--history",
                cluster.file().history(),
                "--at-lsn",
                Long.toString(lsn)));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
