package io.tidemark.daemon.cli;

import io.tidemark.client.Consistency;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.Formation;
import io.tidemark.daemon.node.NodeProcess;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.node.TrialS3Process;
import io.tidemark.daemon.process.FreePorts;
import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code tidemark rehearse}: S3 endpoint, one node and a client in one process, for a moment. Run once after a build under
 * {@code -XX:ArchiveClassesAtExit}: what it loads, later processes find ready (half of a start is loading classes).
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Runs a cluster of one node for a moment in an empty directory, for the JVM to note its classes.")
final class RehearseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);

    @Mixin
    private DirectoryOption directoryOption;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        List<Integer> ports = new FreePorts(new SecureRandom()).take(3);
        ClusterFile file = new Formation(directory, UUID::randomUUID)
                .form(Formation.trialS3(ports.get(0)), Formation.loopback(ports.subList(1, 2), ports.subList(2, 3)));
        inBackground("s3", () -> new TrialS3Process(directory, file.s3()).run());
        inBackground("node", () -> new NodeProcess(directory, file, "n1", Settings.standard()).run());
        Cluster cluster = Cluster.of(directory);
        String address = cluster.endpoints().get(0);
        await("ready", () -> cluster.api().whyNotReady(address).join().isEmpty());
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        try (TidemarkClient client = TidemarkClient.connect(cluster.endpoints())) {
            TidemarkClient.await(client.put("default", key, key));
            TidemarkClient.await(client.get("default", key));
            TidemarkClient.await(client.scan("default", ScanRange.all(), 10, Consistency.LINEARIZABLE));
        }
        await("shipped", () -> {
            ClusterReport report = cluster.report();
            TimelineView.lines(report).forEach(line -> {});
            return report.marksEqual() && report.live().get(0).number("s3HighWaterMark") >= 0;
        });
        return CommandLine.ExitCode.OK;
    }

    private interface Part {
        void run() throws InterruptedException;
    }

    /** Threads that end with the process. */
    private static void inBackground(String name, Part part) {
        Thread thread = new Thread(
                () -> {
                    try {
                        part.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(String what, BooleanSupplier condition) {
        if (!Poll.until(LIMIT, LOOK, condition)) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "not " + what + " within " + LIMIT.toSeconds() + " s");
        }
    }
}
