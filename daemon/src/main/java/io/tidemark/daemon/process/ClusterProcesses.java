package io.tidemark.daemon.process;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.HostPort;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Starts and stops the processes of the cluster in one directory. Knows nothing but pids, ports and files, so it works
 * on what another command line started.
 */
public final class ClusterProcesses {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final int LOG_TAIL_LINES = 12;

    /** What a stack trace has but the names of exceptions and what they say. */
    private static final Pattern STACK_FRAME =
            Pattern.compile("\\s+(at |\\.\\.\\. \\d+ (common frames omitted|more)).*");

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final JavaCommand java;
    private final Map<String, Long> begun = new HashMap<>();

    public ClusterProcesses(ClusterDirectory directory, ClusterFile cluster, JavaCommand java) {
        this.directory = directory;
        this.cluster = cluster;
        this.java = java;
    }

    public Optional<ProcessHandle> running(String name) {
        return OwnProcess.find(directory, name);
    }

    /** Starts one node's daemon; refuses when one of its ports is taken. The caller has looked that it is down. */
    public Process startNode(String name) {
        NodeAddress node = cluster.node(name);
        requireFree(name, "HTTP", node.http());
        requireFree(name, "Raft", node.raft());
        return spawn(name, java.daemon(name, directory.root(), List.of()));
    }

    /** Starts the embedded S3 endpoint. */
    public Process startS3() {
        URI endpoint = URI.create(cluster.s3().endpoint());
        requireFree("the S3 endpoint", "HTTP", endpoint.getHost() + ":" + endpoint.getPort());
        return spawn(ClusterDirectory.S3, java.s3(ClusterDirectory.S3, directory.root(), List.of()));
    }

    /** Asks the process to end, waits, and kills it when it does not. */
    public StopOutcome stop(String name, Duration patience) {
        Optional<ProcessHandle> found = running(name);
        if (found.isEmpty()) {
            OwnProcess.forget(directory, name);
            return StopOutcome.NOT_RUNNING;
        }
        ProcessHandle process = found.get();
        process.destroy();
        StopOutcome outcome = StopOutcome.STOPPED;
        if (!ended(process, patience)) {
            process.destroyForcibly();
            outcome = StopOutcome.KILLED;
            if (!ended(process, Duration.ofSeconds(10))) {
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        name + " (pid " + process.pid() + ") did not end even when killed; it hangs in the kernel,"
                                + " look at its disk");
            }
        }
        OwnProcess.forget(directory, name);
        return outcome;
    }

    /** Last lines that the process wrote since it was started here, but for stack frames, to explain why it ended. */
    public String logTail(String name) {
        Path log = directory.log(name);
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(begun.getOrDefault(name, 0L));
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !STACK_FRAME.matcher(line).matches())
                    .toList();
            int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
            return "last lines of " + log + ":\n  " + String.join("\n  ", lines.subList(from, lines.size()));
        } catch (IOException e) {
            return "its log " + log + " cannot be read: " + e;
        }
    }

    private Process spawn(String name, List<String> command) {
        List<String> full = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            full.add(SETSID.toString());
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full);
        try {
            Files.createDirectories(directory.run());
            begun.put(name, directory.log(name).toFile().length());
            builder.directory(directory.root().toFile());
            builder.redirectInput(new File("/dev/null"));
            builder.redirectErrorStream(true);
            builder.redirectOutput(
                    ProcessBuilder.Redirect.appendTo(directory.log(name).toFile()));
            JavaCommand.environment().forEach(builder.environment()::putIfAbsent);
            if (cluster.s3().embedded()) {
                builder.environment().putAll(TrialCredentials.environment());
            }
            Process process = builder.start();
            OwnProcess.record(directory, name, process.pid());
            return process;
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    private static void requireFree(String who, String what, String address) {
        InetSocketAddress socket = HostPort.parse(address).socketAddress();
        if (!FreePorts.isFree(socket)) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "port " + address + " (" + what + " of " + who + ") is in use by another process. Stop that"
                            + " process, or start a cluster with other ports in another --dir.");
        }
    }

    private static boolean ended(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for pid " + process.pid() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
