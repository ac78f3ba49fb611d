package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.NodeStatus;
import io.tidemark.raft.NotLeaderException;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.batch.Admission;
import io.tidemark.raft.batch.WriteBatcher;
import io.tidemark.raft.config.RaftSettings;
import io.tidemark.raft.guard.Formation;
import io.tidemark.raft.guard.LogTail;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.TargetGuard;
import io.tidemark.raft.machine.EngineStateMachine;
import io.tidemark.raft.membership.Configurations;
import io.tidemark.raft.membership.Membership;
import io.tidemark.raft.retention.LogRetention;
import io.tidemark.shipper.ShippingLag;
import io.tidemark.shipper.pace.Pace;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the node's parts and its life: open the engine, run Ratis over it, begin again after a catch-up, end.
 *
 * <p>Threads: one control thread starts and ends runs, lets the log go, follows leadership; one thread completes
 * callers' futures; one changes the membership; the batcher has its own; Ratis' updater applies.
 */
public final class NodeCore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCore.class);
    private static final long TICK_MILLIS = 500;

    /** An install that is not needed is turned down after the leader has heard where this node stands. */
    private static final long TURN_DOWN_MILLIS = 700;

    private final NodeOptions options;
    private final NodeIdentity identity;
    private final RaftFiles files;
    private final Formation formation;
    private final TargetGuard guard;
    private final StorageEngine engine;
    private final Timeline timeline;
    private final ScheduledExecutorService control;
    private final ScheduledExecutorService changes;
    private final ExecutorService replies;
    private final RatisProposer proposer;
    private final ReadRounds reads;
    private final AppliedWaiters waiters;
    private final ShippingLag lag;
    private final WriteBatcher batcher;
    private final Shipping shipping;
    private final LogRetention retention;
    private final Leadership leadership;
    private final Membership membership;
    private final ChainGuard chains;
    private final CatchUp catchUp;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<String> stopped = new CompletableFuture<>();
    private volatile RaftRun run;
    private volatile String notReady = "starting";
    private volatile long freeDiskBytes = Long.MAX_VALUE;
    private volatile long shipped;

    private NodeCore(NodeOptions options, StorageEngine engine, RaftFiles files, Formation formation) {
        this.options = options;
        this.identity = options.identity();
        this.files = files;
        this.formation = formation;
        this.engine = engine;
        String name = identity.self().name();
        this.guard = new TargetGuard(
                RaftPeerId.valueOf(identity.self().id()),
                options.metrics().counter("raft.refused.target"),
                this::syncLogDirectory);
        StorageEngine.State state = engine.state();
        this.shipped = state.shipped();
        this.timeline = new Timeline(shipped, shipped, state.applied(), engine.durableLsn(), options.halt());
        this.control = Executors.newSingleThreadScheduledExecutor(threads("tidemark-control-" + name));
        this.changes = Executors.newSingleThreadScheduledExecutor(threads("tidemark-changes-" + name));
        this.replies = Executors.newSingleThreadExecutor(threads("tidemark-replies-" + name));
        this.proposer = new RatisProposer(() -> run, this::notLeader);
        this.reads = new ReadRounds(engine, proposer::read);
        this.waiters = new AppliedWaiters(state.applied(), replies);
        this.lag = new ShippingLag(Pace.system(), shipped);
        this.batcher = new WriteBatcher(
                name,
                options.batch(),
                new Admission(
                        options.limits(),
                        () -> lag.lag().bytes(),
                        () -> StatusReader.unpurged(run),
                        () -> freeDiskBytes),
                proposer,
                options.clock(),
                replies,
                options.metrics(),
                this::notLeader);
        this.shipping = options.shipping()
                .open(
                        engine,
                        new RaftLogSource(engine, () -> run),
                        advance -> leadership().propose(advance));
        this.retention = new LogRetention(engine, timeline, files, control, options.halt());
        this.leadership =
                new Leadership(identity.history(), engine, batcher, shipping, proposer, options.clock(), control);
        this.membership = new Membership(() -> run, this::notLeader, changes);
        this.chains = new ChainGuard(identity, engine, options.chains(), this::members, options.metrics());
        this.catchUp = new CatchUp(
                engine,
                timeline,
                shipping,
                files,
                options.dir().resolve("aside"),
                closing,
                why -> notReady = why,
                options.halt());
    }

    /** See {@link io.tidemark.raft.RaftNode#start}. */
    public static NodeCore start(NodeOptions options) {
        NodeIdentity identity = options.identity();
        RaftFiles files = new RaftFiles(options.dir().resolve("raft"), identity.group());
        Formation formation = new Formation(
                options.dir(), identity.group() + " " + identity.self().id(), files);
        boolean fresh = !files.exist();
        formation.startupOption();
        requireFreePort(identity.self());
        StorageEngine engine = options.engine().apply(options.dir().resolve("engine"));
        NodeCore core = new NodeCore(options, engine, files, formation);
        boolean fromS3 = fresh && !identity.isFounder()
                || engine.state().applied() < files.firstIndex().orElse(0) - 1;
        CompletableFuture<Void> launched =
                CompletableFuture.runAsync(() -> core.launch(fresh && !identity.isFounder()), core.control);
        core.control.scheduleWithFixedDelay(core::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (fromS3) {
            launched.whenComplete((done, failure) -> {
                if (failure != null) {
                    core.stop("the node cannot start: " + failure.getMessage(), failure);
                }
            });
            return core;
        }
        try {
            launched.join();
            return core;
        } catch (CompletionException e) {
            core.close();
            throw e.getCause() instanceof TidemarkException known
                    ? known
                    : new TidemarkException(ErrorKind.FATAL, "Raft does not start: " + e.getCause(), e.getCause());
        }
    }

    /** Runs Ratis over the engine as it stands; a newcomer gets what S3 has first. */
    private void launch(boolean newcomer) {
        if (closing.getCount() == 0 || (newcomer && !catchUp.replay(-1))) {
            return;
        }
        files.openSegment()
                .ifPresent(open -> new LogTail(open, options.dir().resolve("aside"), RaftSettings.APPENDER_BYTES)
                        .repair(engine.state().applied()));
        CatchUp.Beginning beginning = catchUp.beginning();
        if (beginning.closing()) {
            return;
        }
        try {
            RunEvents events = new RunEvents();
            RaftRun next = new RaftRun(
                    identity,
                    files,
                    formation,
                    guard,
                    new EngineStateMachine(
                            engine, options.batch()::checkPages, beginning.before(), events, options.halt()));
            events.run = next;
            run = next;
            next.start();
            retention.attach(next);
            notReady = null;
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.FATAL, "Raft does not start: " + e, e);
        }
    }

    /** The leader's log begins past this node's. Goes on from the engine's own LSN by what S3 has (rule L2). */
    private void install(RaftRun of, TermIndex first, CompletableFuture<TermIndex> asked) {
        if (of != run || of.closing()) {
            return;
        }
        if (holds(of, first)) {
            turnDown(of, asked);
            return;
        }
        LOG.info(
                "the leader's log begins at {}, this node is at {}",
                first,
                engine.state().applied());
        notReady = "catching up from S3 to entry " + first.getIndex();
        leadership.end(this::notLeader);
        retention.attach(null);
        of.close();
        run = null;
        if (catchUp.replay(first.getIndex() - 1)) {
            catchUp.replaceLog();
            launch(false);
        }
    }

    /** Whether this node can go on from its own log: nothing is missing before the leader's first entry. */
    private boolean holds(RaftRun of, TermIndex first) {
        TermIndex own = of.log().getTermIndex(first.getIndex());
        if (own != null) {
            return own.getTerm() == first.getTerm();
        }
        TermIndex last = of.log().getLastEntryTermIndex();
        boolean adjoins = last == null || last.getIndex() == first.getIndex() - 1;
        return adjoins && engine.state().applied() >= first.getIndex() - 1;
    }

    /**
     * Says that nothing is to be installed. A leader that is taking this node in asks once and wants an answer; any
     * other has learnt from the refused appends where this node stands, and would never ask for the answer.
     */
    private void turnDown(RaftRun of, CompletableFuture<TermIndex> asked) {
        boolean member = of.division().getRaftConf().getPeer(of.self()) != null
                || of.division().getGroup().getPeer(of.self()) != null;
        control.schedule(
                () -> {
                    if (member) {
                        asked.completeExceptionally(new TidemarkException(
                                ErrorKind.CONFLICT, "nothing to install: this node has the leader's first entry"));
                    } else {
                        asked.complete(null);
                    }
                },
                TURN_DOWN_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void tick() {
        freeDiskBytes = options.dir().toFile().getUsableSpace();
        RaftRun current = run;
        if (current == null || current.closing()) {
            return;
        }
        LifeCycle.State state = current.division().getInfo().getLifeCycleState();
        if (state == LifeCycle.State.CLOSED || state == LifeCycle.State.EXCEPTION) {
            ended(current);
        }
    }

    private void syncLogDirectory() {
        try {
            files.syncDirectoryIfChanged(options.clock().millis());
        } catch (IOException e) {
            throw options.halt().halt("cannot sync the directory of the Raft log", e);
        }
    }

    /** Ratis has closed the division although nobody here asked for it. */
    private void ended(RaftRun of) {
        if (of == run && !of.closing()) {
            stop(
                    "this incarnation, " + identity.self().id() + ", is no longer a member of the cluster: remove its"
                            + " directory and start it again, it joins as the next incarnation",
                    null);
        }
    }

    private void stop(String why, Throwable cause) {
        if (stopped.isDone()) {
            return;
        }
        LOG.error("{}", why, cause);
        notReady = why;
        leadership.end(() -> new TidemarkException(ErrorKind.UNAVAILABLE, why));
        stopped.complete(why);
    }

    private static void requireFreePort(Member self) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(RaftRun.address(self.raft()));
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "node " + self.id() + " cannot listen on " + self.raft() + ": " + e.getMessage()
                            + "; is it running already?",
                    e);
        }
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private TidemarkException notLeader() {
        RaftRun current = run;
        String self = identity.self().id();
        if (current == null) {
            return new NotLeaderException(self, null, null);
        }
        RaftPeerId leader = current.division().getInfo().getLeaderId();
        RaftPeer peer = leader == null || leader.equals(current.self())
                ? null
                : current.division().getRaftConf().getPeer(leader);
        return peer == null
                ? new NotLeaderException(self, null, null)
                : new NotLeaderException(self, Member.nameOf(peer.getId().toString()), peer.getClientAddress());
    }

    public NodeStatus status() {
        StatusReader reader =
                new StatusReader(identity, notReady, stopped.isDone(), engine, timeline, lag.lag(), chains.mismatch());
        return reader.read(run);
    }

    public List<Member> members() {
        RaftRun current = run;
        return current == null
                ? List.of()
                : Configurations.members(current.division().getRaftConf());
    }

    public StorageEngine engine() {
        return engine;
    }

    public WriteBatcher batcher() {
        return batcher;
    }

    public ReadRounds reads() {
        return reads;
    }

    public AppliedWaiters waiters() {
        return waiters;
    }

    public Leadership leadership() {
        return leadership;
    }

    public Membership membership() {
        return membership;
    }

    public CompletableFuture<String> stopped() {
        return stopped;
    }

    /** See {@link io.tidemark.raft.RaftNode#stepDown}. */
    public CompletableFuture<Void> stepDown() {
        RaftRun current = run;
        return current == null ? CompletableFuture.failedFuture(notLeader()) : proposer.stepDown(current);
    }

    @Override
    public void close() {
        closing.countDown();
        batcher.close();
        shipping.close();
        changes.shutdownNow();
        CompletableFuture.runAsync(
                        () -> {
                            retention.attach(null);
                            RaftRun current = run;
                            if (current != null) {
                                current.close();
                            }
                            run = null;
                        },
                        control)
                .join();
        control.shutdownNow();
        engine.close();
        replies.shutdown();
        notReady = "closed";
    }

    /** What one run of Ratis tells; late words of a run that has ended are ignored. */
    private final class RunEvents implements io.tidemark.raft.machine.MachineEvents {
        private volatile RaftRun run;

        @Override
        public void storageReady() {
            formation.formed();
        }

        @Override
        public void logSyncing() {
            syncLogDirectory();
        }

        @Override
        public void applied(LogEntry entry) {
            long mark = engine.state().shipped();
            timeline.committed(entry.lsn());
            if (mark > shipped) {
                shipped = mark;
                lag.shipped(mark);
                retention.shipped(entry.lsn(), mark);
                chains.announced(entry);
            }
            lag.applied(entry);
            waiters.applied(entry.lsn());
            if (entry.kind() == EntryKind.CONFIGURATION
                    && Configurations.supersedes(entry.payload(), identity.self())) {
                control.execute(() -> ended(run));
            }
        }

        @Override
        public void leaderReady() {
            control.execute(() -> leadership.begin(run));
        }

        @Override
        public void notLeader() {
            control.execute(() -> leadership.end(NodeCore.this::notLeader));
        }

        @Override
        public CompletableFuture<TermIndex> installRequested(TermIndex first) {
            CompletableFuture<TermIndex> asked = new CompletableFuture<>();
            control.execute(() -> install(run, first, asked));
            return asked;
        }

        @Override
        public void divisionClosed() {
            control.execute(() -> ended(run));
        }
    }
}
