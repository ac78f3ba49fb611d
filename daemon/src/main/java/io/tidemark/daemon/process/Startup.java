package io.tidemark.daemon.process;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Brings the processes of a cluster up and waits until they serve. When that fails, everything that this call started
 * is stopped again; what ran before stays.
 */
public final class Startup {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final ClusterProcesses processes;
    private final NodeApi api;
    private final Consumer<String> progress;
    private final Map<String, Process> started = new LinkedHashMap<>();

    /**
     * @param progress gets a line whenever what is being waited for changes
     */
    public Startup(
            ClusterDirectory directory,
            ClusterFile cluster,
            ClusterProcesses processes,
            NodeApi api,
            Consumer<String> progress) {
        this.directory = directory;
        this.cluster = cluster;
        this.processes = processes;
        this.api = api;
        this.progress = progress;
    }

    /** Starts S3 (if it is ours) and these nodes, as far as they are down, and waits until the nodes are ready. */
    public void start(List<String> nodes, Duration limit) {
        try {
            if (cluster.s3().embedded()) {
                startS3();
            }
            for (String node : nodes) {
                if (processes.running(node).isEmpty()) {
                    started.put(node, processes.startNode(node));
                }
            }
            awaitReady(nodes, limit);
        } catch (RuntimeException e) {
            undo(e);
            throw e;
        }
    }

    /** Starts this node alone, whether S3 answers or not, and waits until it is ready. */
    public void startNode(String node, Duration limit) {
        try {
            started.put(node, processes.startNode(node));
            awaitReady(List.of(node), limit);
        } catch (RuntimeException e) {
            undo(e);
            throw e;
        }
    }

    /** Starts the embedded S3 endpoint alone and waits until it answers. */
    public void startS3Only(Duration limit) {
        try {
            startS3();
            awaitS3(limit);
        } catch (RuntimeException e) {
            undo(e);
            throw e;
        }
    }

    /** Names of the processes that this call started, in order. */
    public List<String> started() {
        return List.copyOf(started.keySet());
    }

    private void startS3() {
        if (processes.running(ClusterDirectory.S3).isEmpty()) {
            started.put(ClusterDirectory.S3, processes.startS3());
        }
    }

    private void awaitS3(Duration limit) {
        URI endpoint = URI.create(cluster.s3().endpoint());
        String address = endpoint.getHost() + ":" + endpoint.getPort();
        boolean answers = Poll.until(limit, LOOK, () -> {
            requireAlive();
            return !FreePorts.isFree(
                    io.tidemark.daemon.cluster.HostPort.parse(address).socketAddress());
        });
        if (!answers) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "the S3 endpoint did not listen at " + address + " within " + limit.toSeconds() + " s; "
                            + processes.logTail(ClusterDirectory.S3));
        }
    }

    private void awaitReady(List<String> nodes, Duration limit) {
        String[] said = {""};
        Map<String, String> waiting = new LinkedHashMap<>();
        boolean ready = Poll.until(limit, LOOK, () -> {
            requireAlive();
            waiting.clear();
            waiting.putAll(whyNotReady(nodes));
            String now = describe(waiting);
            if (!now.equals(said[0])) {
                said[0] = now;
                progress.accept(now);
            }
            return waiting.isEmpty();
        });
        if (!ready) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "not ready within " + limit.toSeconds() + " s: " + describe(waiting) + "; the logs are in "
                            + directory.run());
        }
    }

    private Map<String, String> whyNotReady(List<String> nodes) {
        Map<String, CompletableFuture<Optional<String>>> asked = new LinkedHashMap<>();
        for (String name : nodes) {
            NodeAddress node = cluster.node(name);
            asked.put(name, api.whyNotReady(node.http()));
        }
        Map<String, String> waiting = new LinkedHashMap<>();
        asked.forEach((name, answer) -> answer.join().ifPresent(reason -> waiting.put(name, reason)));
        return waiting;
    }

    private void requireAlive() {
        started.forEach((name, process) -> {
            if (!process.isAlive()) {
                OwnProcess.forget(directory, name);
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        name + " ended at once with exit code " + process.exitValue() + "; " + processes.logTail(name));
            }
        });
    }

    private void undo(RuntimeException failure) {
        List<String> names = new ArrayList<>(started.keySet());
        java.util.Collections.reverse(names);
        for (String name : names) {
            try {
                processes.stop(name, STOP);
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static String describe(Map<String, String> waiting) {
        List<String> parts = new ArrayList<>();
        waiting.forEach((name, reason) -> parts.add(name + " " + reason));
        return parts.isEmpty() ? "all ready" : String.join("; ", parts);
    }
}
