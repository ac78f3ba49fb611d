package io.tidemark.raft.run;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.config.RaftSettings;
import io.tidemark.raft.guard.Formation;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.TargetGuard;
import io.tidemark.raft.machine.EngineStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of Ratis over the engine, from start to close; a node that catches up has several in its life. */
public final class RaftRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftRun.class);

    /** Far longer than Ratis needs to end its threads and sync its log. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final RaftPeerId self;
    private final RaftGroupId group;
    private final EngineStateMachine machine;
    private final RaftServer server;
    private final Halt halt;
    private volatile boolean closing;

    /** Makes the server; {@link #start} begins to talk to others. */
    public RaftRun(
            NodeIdentity identity,
            RaftFiles files,
            Formation formation,
            TargetGuard guard,
            EngineStateMachine machine,
            Halt halt)
            throws IOException {
        this.self = RaftPeerId.valueOf(identity.self().id());
        this.group = RaftGroupId.valueOf(identity.group());
        this.machine = machine;
        this.halt = halt;
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, guard);
        List<RaftPeer> founders =
                identity.founders().stream().map(RaftRun::peer).toList();
        server = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(group, founders))
                .setOption(formation.startupOption())
                .setStateMachine(machine)
                .setProperties(
                        RaftSettings.of(files.root(), address(identity.self().raft())))
                .setParameters(parameters)
                .build();
    }

    public void start() throws IOException {
        server.start();
    }

    public RaftServer server() {
        return server;
    }

    public RaftPeerId self() {
        return self;
    }

    public RaftGroupId group() {
        return group;
    }

    public EngineStateMachine machine() {
        return machine;
    }

    public RaftServer.Division division() {
        try {
            return server.getDivision(group);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "Raft does not run on " + self, e);
        }
    }

    public RaftLog log() {
        return division().getRaftLog();
    }

    /** True from {@link #ends} or {@link #close} on: what Ratis closes now it closes on our wish. */
    public boolean closing() {
        return closing;
    }

    /** The member as Ratis' configuration carries it. */
    public static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(member.id())
                .setAddress(member.raft())
                .setClientAddress(member.http())
                .build();
    }

    /** Says that what ends from now on ends on our wish; {@link #close} follows. */
    public void ends() {
        closing = true;
    }

    /** {@code host:port}, the host unresolved if it cannot be resolved. */
    public static InetSocketAddress address(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        try {
            return new InetSocketAddress(hostPort.substring(0, colon), Integer.parseInt(hostPort.substring(colon + 1)));
        } catch (RuntimeException e) {
            throw new TidemarkException(ErrorKind.INVALID, "an address is HOST:PORT, not '" + hostPort + "'", e);
        }
    }

    /**
     * Ratis closes, or the process halts: the log of Ratis 3.3.0 closes by waiting for the thread that evicts its cache,
     * under the lock that this thread may be waiting for.
     */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    void close(Duration limit) {
        closing = true;
        CompletableFuture<Void> closed = new CompletableFuture<>();
        closed.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            throw halt.halt(
                    "Raft of " + self + " has not closed within " + limit.toMillis()
                            + " ms; what it acknowledged is on the disk, the next start recovers",
                    late);
        });
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("closing Raft of {}: {}", self, e.toString());
        } finally {
            closed.complete(null);
        }
    }
}
