package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Three daemons and their S3 endpoint, as processes in a directory of their own.
 *
 * <p>Not thread safe, except for the questions ({@link #status}, {@link #statuses}, {@link #leader}). {@link #close} stops
 * everything; so does the end of this JVM.
 */
public final class Cluster implements AutoCloseable {

    /** Every single command and every single wait ends within this, unless stated otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The file of {@link #collect} with what the nodes said. */
    public static final String STATUS = "status.txt";

    private static final Duration READ_MAX = Duration.ofSeconds(30);

    /** The kind of an answer by a node that met damage. */
    private static final String DAMAGED = "CORRUPT";

    private final Path directory;
    private final CommandLine commands;
    private final StatusReader reader = new StatusReader();
    private final ClusterFile file;
    private final Path s3Data;
    private final Hosts hosts;
    private final InvariantWatch watch;
    private final Map<String, Long> pids = new HashMap<>();
    private final Thread atExit;

    private Cluster(Path directory, CommandLine commands, Path s3Data, Hosts hosts) {
        this.directory = directory;
        this.commands = commands;
        this.file = ClusterFile.read(directory);
        this.hosts = hosts != null ? hosts : new Loopback(file.names());
        this.s3Data = s3Data != null ? s3Data : directory.resolve("s3");
        this.watch = new InvariantWatch(file.names(), this::status, this::objects);
        this.atExit = new Thread(this::killEverything, "stop-" + directory.getFileName());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Forms a new cluster and waits until it is ready.
     *
     * @param directory must not exist or be empty; an absolute path that no other test uses
     * @param s3Data where the objects can be seen; null = the embedded endpoint's own directory
     * @param options more options of {@code up}
     */
    public static Cluster up(Path directory, CommandLine commands, Path s3Data, String... options) {
        List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--dir", directory.toString()));
        arguments.addAll(List.of(options));
        try {
            commands.run(PATIENCE, arguments.toArray(String[]::new)).expectDone();
            return of(directory, commands, s3Data);
        } catch (RuntimeException | AssertionError e) {
            killProcessesOf(directory);
            throw e;
        }
    }

    /** Takes over a cluster that a command, for example {@code restore}, has already made and started. */
    public static Cluster of(Path directory, CommandLine commands, Path s3Data) {
        return new Cluster(directory.toAbsolutePath().normalize(), commands, s3Data, null);
    }

    /**
     * Forms a new cluster on hosts, with its objects in {@code s3}, and waits until it is ready. The hosts stay the
     * caller's.
     *
     * @param directory must not exist or be empty
     * @param s3Data where the objects can be seen
     * @param settings of its nodes
     */
    public static Cluster found(
            Path directory,
            CommandLine commands,
            Path s3Data,
            Hosts hosts,
            ClusterFile.S3 s3,
            Map<String, String> settings) {
        Path root = directory.toAbsolutePath().normalize();
        new Founding(root, hosts).write(s3, settings);
        Cluster cluster = new Cluster(root, commands, s3Data, hosts);
        try {
            cluster.start(cluster.names());
            cluster.awaitAllReady();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** The cluster's directory. */
    public Path directory() {
        return directory;
    }

    /** The command line, to ask for more than this class knows. */
    public CommandLine commands() {
        return commands;
    }

    /** Where its nodes run. */
    public Hosts hosts() {
        return hosts;
    }

    /** Addresses, names and ids. */
    public ClusterFile file() {
        return file;
    }

    /** The watch over all marks. */
    public InvariantWatch watch() {
        return watch;
    }

    /** The objects of this cluster's history, seen without any node. */
    public ShippedObjects objects() {
        return new ShippedObjects(s3Data, file.history());
    }

    /** All names, in order. */
    public List<String> names() {
        return file.names();
    }

    /** The addresses that a client needs. */
    public List<String> endpoints() {
        return file.nodes().stream().map(ClusterFile.Node::http).toList();
    }

    /** What a node says, or that it says nothing. */
    public NodeStatus status(String name) {
        return reader.status(name, file.http(name));
    }

    /** What all nodes say. */
    public List<NodeStatus> statuses() {
        return names().stream().map(this::status).toList();
    }

    /** Reads a page of a node. */
    public Optional<String> page(String name, String path) {
        return reader.get(file.http(name), path).map(java.net.http.HttpResponse::body);
    }

    /** The leader with the highest term, if there is one. */
    public Optional<String> leader() {
        return statuses().stream()
                .filter(NodeStatus::leads)
                .max(Comparator.comparingLong(NodeStatus::term))
                .map(NodeStatus::name);
    }

    /** Waits until there is a leader and names it. */
    public String awaitLeader() {
        return Waiting.until("a leader in " + directory, PATIENCE, this::leader, Optional::isPresent)
                .orElseThrow();
    }

    /** A node that does not lead. */
    public String follower() {
        String leader = awaitLeader();
        return names().stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
    }

    /** Waits until these nodes say that they are ready. */
    public void awaitReady(String... nodes) {
        for (String node : nodes) {
            Waiting.until(
                    node + " ready",
                    PATIENCE,
                    () -> reader.get(file.http(node), "/ready").map(a -> a.statusCode() + " " + a.body()),
                    answer -> answer.isPresent() && answer.get().startsWith("200"));
        }
    }

    /** Whether a node says that it is ready. */
    public boolean ready(String node) {
        return reader.ready(file.http(node));
    }

    /** What a living node says it waits for before it is ready. */
    public String waitsFor(String node) {
        return reader.get(file.http(node), "/ready")
                .map(answer -> answer.statusCode() + " " + answer.body().strip())
                .orElse("it does not answer");
    }

    /** The last that a node's log says of an error; empty if it says nothing. */
    public String lastWords(String node) {
        Path log = directory.resolve("run").resolve(node + ".log");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" ERROR "))
                    .reduce((first, last) -> last)
                    .orElse("");
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** Has a node read all its rows: false if it finds some of them damaged; true if not, or if it did not say in time. */
    public boolean readsAll(String node) {
        OptionalLong lsn = OptionalLong.empty();
        long end = System.nanoTime() + READ_MAX.toNanos();
        while (alive(node) && System.nanoTime() - end < 0) {
            if (lsn.isEmpty()) {
                lsn = reader.observe(file.http(node));
            } else {
                var answer = reader.get(file.http(node), "/v1/contents?lsn=" + lsn.getAsLong());
                if (answer.isPresent() && answer.get().statusCode() == 200) {
                    return true;
                }
                if (answer.isPresent() && answer.get().body().contains(DAMAGED)) {
                    return false;
                }
            }
            Waiting.pause(Duration.ofMillis(100));
        }
        return alive(node);
    }

    /** Has a node write its threads' stacks to its log. */
    public void dump(String node) {
        ProcessSignal.QUIT.send(pid(node), mark());
    }

    /** Waits until all nodes are ready. */
    public void awaitAllReady() {
        awaitReady(names().toArray(String[]::new));
    }

    /** Waits until all is shipped and let go: on all nodes {@code Raft_LWM == S3_HWM}, and the nodes agree; lag is 0. */
    public List<NodeStatus> awaitRest() {
        return Waiting.until("rest in " + directory, PATIENCE, this::statuses, Cluster::atRest);
    }

    private static boolean atRest(List<NodeStatus> nodes) {
        return nodes.stream().allMatch(NodeStatus::atRest)
                && nodes.stream().map(NodeStatus::s3HighWaterMark).distinct().count() == 1
                && nodes.stream().map(NodeStatus::committed).distinct().count() == 1;
    }

    /** The process id of a node's daemon; remembered, since a daemon may take its pid file with it. */
    public long pid(String name) {
        Path pidFile = directory.resolve("run").resolve(name + ".pid");
        try {
            pids.put(name, Long.parseLong(Files.readString(pidFile).trim()));
        } catch (NoSuchFileException e) {
            return pids.getOrDefault(name, 0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids.get(name);
    }

    /** Whether a node's process lives. */
    public boolean alive(String name) {
        return ProcessSignal.alive(pid(name), mark());
    }

    /** Kills a node's process and waits until it is gone. */
    public void kill(String... nodes) {
        for (String node : nodes) {
            signal(node, ProcessSignal.KILL);
        }
        for (String node : nodes) {
            ProcessSignal.awaitGone(pid(node), mark(), PATIENCE);
        }
    }

    /** Stops a node cleanly and waits until it is gone. */
    public void terminate(String node) {
        signal(node, ProcessSignal.TERM);
        ProcessSignal.awaitGone(pid(node), mark(), PATIENCE);
    }

    /** Pauses a node's process. */
    public void pause(String node) {
        signal(node, ProcessSignal.STOP);
    }

    /** Lets a paused node go on. */
    public void resume(String node) {
        signal(node, ProcessSignal.CONT);
    }

    private void signal(String node, ProcessSignal signal) {
        long pid = pid(node);
        if (!signal.send(pid, mark())) {
            throw new AssertionError(signal + " to " + node + " (pid " + pid + ") was not sent: it is not running");
        }
    }

    /** Starts a node that is down; does not wait until it is ready. */
    public void start(String node) {
        start(List.of(node));
    }

    /** As above, with other settings than the cluster's, for this life. */
    public void start(String node, Map<String, String> settings) {
        List<String> before = new ArrayList<>(hosts.enter(node));
        before.add("env");
        settings.forEach((setting, value) ->
                before.add("TIDEMARK_" + setting.toUpperCase(Locale.ROOT).replace('-', '_') + "=" + value));
        begin(node, before).await(PATIENCE).expectDone();
    }

    private CommandLine.Running begin(String node, List<String> before) {
        return commands.within(before).begin("start", node, "--no-wait", "--dir", directory.toString());
    }

    /** Starts nodes that are down, all at once. */
    public void start(List<String> nodes) {
        List<CommandLine.Running> starts =
                nodes.stream().map(node -> begin(node, hosts.enter(node))).toList();
        starts.forEach(start -> start.await(PATIENCE).expectDone());
    }

    /** Loses the disk of a node that is down; where a file system is mounted, it stays, empty. */
    public void removeDirectory(String node) {
        if (alive(node)) {
            throw new IllegalStateException("the disk of a running node cannot be lost: " + node);
        }
        Trees.clear(directory.resolve(node));
    }

    /** Runs {@code verify} and fails unless it finds all nodes and S3 in agreement. */
    public CommandLine.Result verify() {
        return verify(PATIENCE);
    }

    /** The same of a long history, which it replays. */
    public CommandLine.Result verify(Duration bound) {
        return commands.run(bound, "verify", "--dir", directory.toString()).expectDone();
    }

    /** Runs {@code verify} without S3 and fails unless it finds all nodes in agreement. */
    public CommandLine.Result verifyNodes() {
        return commands.run(PATIENCE, "verify", "--nodes-only", "--dir", directory.toString())
                .expectDone();
    }

    /** Copies logs, with the stacks of living nodes, statuses and the list of objects to where they outlive the test. */
    public void collect(Path evidence) {
        names().forEach(this::dump);
        try {
            Files.createDirectories(evidence);
            List<String> lines = new ArrayList<>();
            statuses().forEach(s -> lines.add(s.toString()));
            objects().segments().forEach(s -> lines.add(s.toString()));
            lines.add("newest manifest " + objects().newestManifest());
            Files.write(evidence.resolve(STATUS), lines);
            Trees.copyFiles(directory.resolve("run"), evidence.resolve("run"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot collect evidence into " + evidence, e);
        }
    }

    /** Stops watching and ends every process of the cluster; leaves its files. */
    @Override
    public void close() {
        watch.close();
        killEverything();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is already ending and runs the hook itself
        }
    }

    private String mark() {
        return directory.toString();
    }

    private void killEverything() {
        killProcessesOf(directory);
    }

    private static void killProcessesOf(Path directory) {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve("run"))) {
            for (Path pidFile : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".pid"))::iterator) {
                pids.add(Long.parseLong(Files.readString(pidFile).trim()));
            }
        } catch (NoSuchFileException e) {
            return; // nothing was ever started
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException("cannot find the processes of " + directory, e);
        }
        for (long pid : pids) {
            ProcessSignal.KILL.send(pid, directory.toString());
        }
    }
}
