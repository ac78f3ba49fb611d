package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.HostPort;
import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.http.HttpOptions;
import io.tidemark.daemon.http.HttpServer;
import io.tidemark.daemon.http.StartingNode;
import io.tidemark.daemon.process.OwnProcess;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DirectoryLock;
import io.tidemark.raft.NodeEnd;
import io.tidemark.raft.RaftNode;
import io.tidemark.raft.guard.UnfitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in this process. The port opens first and says what the node waits for; the node follows. It ends on SIGTERM,
 * cleanly; by itself, with exit code 1, when its incarnation was superseded; and at once, with exit code 70, when its
 * state cannot be explained. A node that must not go on with its files (rules C1, L5) sets them aside, see {@link
 * UnfitStore}, and goes on as the next incarnation.
 */
public final class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    /** A node that is rebuilt again and again has something wrong that no rebuilding cures. */
    private static final int LIVES_MAX = 3;

    private static final long LOOK_MILLIS = 200;

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final NodeAddress self;
    private final Settings settings;
    private final Path damage;
    private final SystemHalt halt;
    private final MetricRegistry metrics = new MetricRegistry();
    private final NodeApi api = new NodeApi();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RunningNode running = new RunningNode();
    private volatile String waiting = "is starting";
    private volatile boolean ending;
    private Set<String> metricsOfThePort = Set.of();

    public NodeProcess(ClusterDirectory directory, ClusterFile cluster, String node, Settings settings) {
        this.directory = directory;
        this.cluster = cluster;
        this.self = cluster.node(node);
        this.settings = settings;
        this.damage = directory.node(node).resolve("damaged.txt");
        this.halt = new SystemHalt(damage);
    }

    /** Serves until the process is told to end; throws when it cannot. */
    public void run() throws InterruptedException {
        Logging.configure();
        Thread.setDefaultUncaughtExceptionHandler(halt);
        LOG.info(
                "node {} of cluster {}, history {}, pid {}, Java {}",
                self.name(),
                cluster.cluster(),
                cluster.history(),
                ProcessHandle.current().pid(),
                Runtime.version());
        LOG.info("settings that were given: {}", settings.describe());
        running.own(DirectoryLock.take(directory.lock(self.name()), directory.node(self.name())));
        // A wrong directory is found before anybody is told that this node is there.
        Optional<IdentityFile> known = knownIdentity();
        StatusText status = new StatusText(directory, cluster, self, Clock.systemUTC(), running::s3Error);
        HostPort http = HostPort.parse(self.http());
        HttpServer server = HttpServer.start(
                HttpOptions.of(http.host(), http.port()),
                new StartingNode(status::beforeTheNode, () -> waiting),
                metrics);
        running.own(server);
        DiskGauge.register(metrics, directory.node(self.name()));
        metricsOfThePort = Set.copyOf(metrics.getNames());
        OwnProcess.record(directory, self.name(), ProcessHandle.current().pid());
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "stop"));
        try {
            Joining joining = new Joining(directory, cluster, self, api, why -> waiting = why);
            Optional<IdentityFile> identity = known.or(() -> joining.identity(() -> ending));
            for (int lives = 1; identity.isPresent(); lives++) {
                Optional<String> unfit = damaged();
                if (unfit.isEmpty()) {
                    unfit = live(identity.get(), joining, server, status);
                }
                if (unfit.isPresent() && lives == LIVES_MAX) {
                    throw new TidemarkException(
                            ErrorKind.FATAL,
                            unfit.get() + ". This process has begun anew " + (LIVES_MAX - 1)
                                    + " times: look at this machine's" + " memory and disk before it is started again");
                }
                identity = unfit.flatMap(why -> again(why, joining, server, status));
            }
        } catch (TidemarkException e) {
            // The line below is the last in the log; the command line adds the same to standard error.
            LOG.error("cannot go on: {}", e.getMessage());
            throw e;
        }
        ended.await();
    }

    /** What a process before this one has halted for, if its files were damaged; they are then put aside with this note. */
    private Optional<String> damaged() {
        try {
            return Files.exists(damage)
                    ? Optional.of("the process before this one halted: "
                            + Files.readString(damage).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot read " + damage + ": " + e.getMessage(), e);
        }
    }

    private Optional<IdentityFile> knownIdentity() {
        return Files.exists(directory.identity(self.name()))
                ? Optional.of(IdentityFile.read(directory.identity(self.name()), cluster, self.name()))
                : Optional.empty();
    }

    /** Serves until the process is told to end; or until the node must not go on with its files, and says why. */
    private Optional<String> live(IdentityFile identity, Joining joining, HttpServer server, StatusText status)
            throws InterruptedException {
        // The lock beside the directory is of one machine, or of one place of a volume; this one goes with the volume.
        running.own(DirectoryLock.take(directory.node(self.name())));
        BlockingQueue<NodeEnd> ends = new LinkedBlockingQueue<>();
        try {
            serve(identity, joining, server, status, ends);
        } catch (UnfitException e) {
            LOG.error("{}", e.getMessage());
            return Optional.of(e.getMessage());
        }
        NodeEnd end = null;
        while (!ending && end == null) {
            end = ends.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (ending) {
            return Optional.empty();
        }
        LOG.error("stopping: {}", end.why());
        if (!end.unfit()) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, end.why());
        }
        return Optional.of(end.why());
    }

    private void serve(
            IdentityFile identity, Joining joining, HttpServer server, StatusText status, BlockingQueue<NodeEnd> ends) {
        NodeParts parts = new NodeParts(directory, cluster, self, settings, metrics, api, halt);
        RaftNode node = running.start(parts, identity);
        boolean founder = NodeParts.identity(identity, self, parts::now).isFounder();
        if (founder) {
            waiting = null;
        }
        server.serve(
                new ServedNode(node, cluster, status, new Admissions(node), parts, () -> Optional.ofNullable(waiting)));
        node.stopped().thenAccept(ends::add);
        LOG.info("serving at http://{} as {}", self.http(), identity.peerId());
        if (!founder) {
            joining.admission(identity, () -> ending || node.stopped().isDone());
            waiting = null;
        }
    }

    /** Closes the node, and waits until the others take it in anew. */
    private Optional<IdentityFile> again(String why, Joining joining, HttpServer server, StatusText status) {
        waiting = why;
        server.serve(new StartingNode(status::beforeTheNode, () -> waiting));
        running.closeNode();
        metrics.removeMatching((name, metric) -> !metricsOfThePort.contains(name));
        return joining.nextIdentity(() -> ending, why);
    }

    private void end() {
        ending = true;
        LOG.info("stopping");
        running.close();
        OwnProcess.forget(directory, self.name());
        LOG.info("stopped");
        ended.countDown();
    }
}
