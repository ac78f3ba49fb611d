package io.tidemark.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.bench.load.Target;
import io.tidemark.bench.process.Await;
import io.tidemark.bench.process.ChildJvm;
import io.tidemark.bench.trial.Trees;
import io.tidemark.client.Consistency;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Three daemons with the embedded S3 endpoint, started as a user starts them ({@code tidemark up --detach}) with their
 * default settings, and one client with its default options.
 */
public final class TidemarkCluster implements Target {
    private static final String DAEMON_MAIN = "io.tidemark.daemon.Main";
    private static final String KEYSPACE = "bench";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration REST_LIMIT = Duration.ofSeconds(10);

    private final Path directory;
    private final Map<String, String> environment;
    private final LongAdder putBytes = new LongAdder();
    private final Thread atExit = new Thread(this::stop, "stop-tidemark");
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private TidemarkClient client;

    private TidemarkCluster(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * Forms a cluster in the directory and returns when it has answered a first write. It is stopped when this JVM ends,
     * if not before.
     */
    public static TidemarkCluster start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * As above, with another S3 perhaps.
     *
     * @param environment of commands and daemons, beside this JVM's
     * @param options more of {@code tidemark up}
     */
    public static TidemarkCluster start(Path directory, Map<String, String> environment, String... options) {
        TidemarkCluster cluster = new TidemarkCluster(directory, environment);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            Files.createDirectories(directory);
            List<String> up = new ArrayList<>(List.of("--detach"));
            up.addAll(List.of(options));
            cluster.command("up", up.toArray(String[]::new));
            cluster.readAddresses();
            cluster.client = TidemarkClient.connect(cluster.endpoints());
            Await.until("Tidemark answered a first write", START_LIMIT, cluster::answersWrite);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException("cannot start Tidemark under " + directory, e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void readAddresses() throws IOException {
        Path clusterJson = root().resolve("cluster.json");
        for (JsonNode node : new ObjectMapper().readTree(clusterJson.toFile()).path("nodes")) {
            addresses.put(node.path("name").asText(), node.path("http").asText());
        }
    }

    private List<String> endpoints() {
        return List.copyOf(addresses.values());
    }

    private boolean answersWrite() {
        try {
            return TidemarkClient.await(client.put(KEYSPACE, TidemarkClient.key("first"), new byte[1])) != null;
        } catch (TidemarkClientException notYet) {
            return false;
        }
    }

    /** Runs the command line on this cluster. Fails when it does, with the file that holds what it said. */
    private void command(String verb, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(verb));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--dir", directory.resolve("cluster").toString()));
        Path log = directory.resolve(verb + ".log");
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(List.of("-Xmx128m"), DAEMON_MAIN, arguments))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("tidemark " + verb + " did not end within " + START_LIMIT.toSeconds() + " s: "
                        + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during tidemark " + verb, e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("tidemark " + verb + " ended with " + process.exitValue() + ": "
                    + Files.readString(log).strip());
        }
    }

    @Override
    public String name() {
        return "Tidemark";
    }

    @Override
    public CompletableFuture<?> write(byte[] key, byte[] value) {
        putBytes.add(key.length + value.length);
        return client.put(KEYSPACE, key, value);
    }

    /** Keys and values that {@link #write} was given so far. */
    public long putBytes() {
        return putBytes.sum();
    }

    /** Stops the S3 endpoint; the daemons go on without it. */
    public void stopStore() throws IOException {
        command("stop", "s3");
    }

    /** Starts it again. */
    public void startStore() throws IOException {
        command("start", "s3");
    }

    /** Kills the node and removes all that it had. */
    public void loseDisk(Node node) {
        ProcessHandle process = ProcessHandle.of(node.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        try {
            Trees.remove(root().resolve(node.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the disk of " + node.name(), e);
        }
    }

    /** Starts a node; returns when it is one that votes. */
    public void start(String node) {
        try {
            command("start", node);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + node, e);
        }
    }

    /** The value as this node alone has it; empty while it does not answer, or has none. */
    public Optional<byte[]> readAt(String node, byte[] key) {
        try (TidemarkClient alone = TidemarkClient.connect(List.of(addresses.get(node)))) {
            return Optional.ofNullable(TidemarkClient.await(alone.get(KEYSPACE, key, Consistency.LOCAL))
                    .value());
        } catch (TidemarkClientException notYet) {
            return Optional.empty();
        }
    }

    /** Pages that this node has in S3 alone; -1 while it does not answer. */
    public long coldPages(String node) {
        return DaemonStatus.of(addresses.get(node)).map(DaemonStatus::coldPages).orElse(-1L);
    }

    /** Where its files are, as {@code --dir} names them. */
    public Path root() {
        return directory.resolve("cluster");
    }

    /** Bytes of the log that S3 does not have yet, as the leader says; empty while nobody leads. */
    public OptionalLong unshippedBytes() {
        return endpoints().stream()
                .map(DaemonStatus::of)
                .flatMap(Optional::stream)
                .filter(DaemonStatus::leads)
                .mapToLong(DaemonStatus::lagBytes)
                .findFirst();
    }

    /** What all daemons together say at {@code /metrics}: each name with the sum of its values. */
    public Map<String, Double> metrics() {
        return DaemonMetrics.sum(endpoints());
    }

    @Override
    public boolean rest() {
        return Await.holdsWithin(
                REST_LIMIT,
                () -> endpoints().stream()
                        .allMatch(endpoint -> DaemonStatus.of(endpoint)
                                .filter(DaemonStatus::isAtRest)
                                .isPresent()));
    }

    @Override
    public List<Node> nodes() {
        return endpoints().stream()
                .map(DaemonStatus::of)
                .flatMap(Optional::stream)
                .map(status -> new Node(status.name(), status.pid()))
                .toList();
    }

    @Override
    public Node leader() {
        return endpoints().stream()
                .map(DaemonStatus::of)
                .flatMap(Optional::stream)
                .filter(DaemonStatus::leads)
                .map(status -> new Node(status.name(), status.pid()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no daemon of " + endpoints() + " leads"));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException endingAlready) {
            return; // the hook runs; it finds a cluster that is down
        }
    }

    private synchronized void stop() {
        if (!Files.exists(directory.resolve("cluster").resolve("cluster.json"))) {
            return;
        }
        try {
            command("down");
        } catch (IOException e) {
            throw new UncheckedIOException("daemons under " + directory + " may still run", e);
        }
    }
}
