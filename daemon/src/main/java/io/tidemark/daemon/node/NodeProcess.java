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
import io.tidemark.raft.RaftNode;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in this process. The port opens first and says what the node waits for; the node follows. It ends on SIGTERM,
 * cleanly; by itself, with exit code 1, when its incarnation was superseded; and at once, with exit code 70, when its
 * state cannot be explained.
 */
public final class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final NodeAddress self;
    private final Settings settings;
    private final SystemHalt halt = new SystemHalt();
    private final MetricRegistry metrics = new MetricRegistry();
    private final NodeApi api = new NodeApi();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RunningNode running = new RunningNode();
    private volatile String waiting = "is starting";
    private volatile boolean ending;
    /** Why the node ended by itself; null while it has not. */
    private volatile String stoppedBy;

    public NodeProcess(ClusterDirectory directory, ClusterFile cluster, String node, Settings settings) {
        this.directory = directory;
        this.cluster = cluster;
        this.self = cluster.node(node);
        this.settings = settings;
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
        OwnProcess.record(directory, self.name(), ProcessHandle.current().pid());
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "stop"));
        try {
            Joining joining = new Joining(directory, cluster, self, api, why -> waiting = why);
            Optional<IdentityFile> identity = known.or(() -> joining.identity(() -> ending));
            if (identity.isPresent()) {
                serve(identity.get(), joining, server, status);
            }
        } catch (TidemarkException e) {
            // The line below is the last in the log; the command line adds the same to standard error.
            LOG.error("cannot go on: {}", e.getMessage());
            throw e;
        }
        ended.await();
        if (stoppedBy != null) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, stoppedBy);
        }
    }

    private Optional<IdentityFile> knownIdentity() {
        return Files.exists(directory.identity(self.name()))
                ? Optional.of(IdentityFile.read(directory.identity(self.name()), cluster, self.name()))
                : Optional.empty();
    }

    private void serve(IdentityFile identity, Joining joining, HttpServer server, StatusText status) {
        NodeParts parts = new NodeParts(directory, cluster, self, settings, metrics, api, halt);
        RaftNode node = running.start(parts, identity);
        boolean founder = NodeParts.identity(identity, self).isFounder();
        if (founder) {
            waiting = null;
        }
        server.serve(new ServedNode(node, cluster, status, new Admissions(node), () -> Optional.ofNullable(waiting)));
        node.stopped().thenAccept(why -> {
            if (!ending) {
                LOG.error("stopping: {}", why);
                stoppedBy = why;
                ended.countDown();
            }
        });
        LOG.info("serving at http://{} as {}", self.http(), identity.peerId());
        if (!founder) {
            joining.admission(identity, () -> ending || stoppedBy != null);
            waiting = null;
        }
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
