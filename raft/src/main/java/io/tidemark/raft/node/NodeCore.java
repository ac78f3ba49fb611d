package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeEnd;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.NodeStatus;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.batch.Admission;
import io.tidemark.raft.batch.ColdWrites;
import io.tidemark.raft.batch.WriteBatcher;
import io.tidemark.raft.guard.DurableTail;
import io.tidemark.raft.guard.Formation;
import io.tidemark.raft.guard.OwnThread;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.TargetGuard;
import io.tidemark.raft.guard.UnfitException;
import io.tidemark.raft.guard.VoteShadow;
import io.tidemark.raft.membership.Membership;
import io.tidemark.raft.retention.LogRetention;
import io.tidemark.raft.run.RaftRun;
import io.tidemark.recovery.BackgroundFill;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.shipper.HighWaterProposer;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a node's parts together, starts them and ends them.
 *
 * <p>Threads: one control thread begins and ends runs, lets the log go, follows leadership; one thread completes
 * callers' futures after writes, one after reads; one changes the membership; the batcher has its own; Ratis' updater
 * applies.
 */
public final class NodeCore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCore.class);
    private static final long TICK_MILLIS = 500;
    private static final long AGAIN_MILLIS = 100;

    /** Between two looks at the members' clocks. */
    private static final long CLOCK_MILLIS = 5_000;

    /** An outvoted leader waits no longer for another to take over. */
    private static final long STEP_DOWN_MILLIS = 3_000;

    private final NodeOptions options;
    private final NodeIdentity identity;
    private final RaftFiles files;
    private final StorageEngine engine;
    private final Timeline timeline;
    private final ScheduledExecutorService control;
    private final ScheduledExecutorService changes;
    private final ScheduledExecutorService tails;
    private final OwnThread promises;
    private final VoteShadow votes;
    private final ExecutorService replies;
    private final ExecutorService answers;
    private final CurrentRun current;
    private final RatisProposer proposer;
    private final ReadRounds reads;
    private final MarkWaiters waiters;
    private final MarkWaiters shippedWaiters;
    private final RaftLogSource log;
    private final ComingEntries coming;
    private final ShippingLag lag;
    private final LogClock clock;
    private final WriteBatcher batcher;
    private final ColdWrites writes;
    private final Shipping shipping;
    private final Leadership leadership;
    private final Membership membership;
    private final BackgroundFill fill;
    private final ChainGuard chains;
    private final ClockGuard clocks;
    private final Upkeep upkeep;
    private final RunLife life;
    private final RunEvents.Parts parts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long freeDiskBytes = Long.MAX_VALUE;

    private NodeCore(NodeOptions options, StorageEngine engine, RaftFiles files, Formation formation) {
        this.options = options;
        this.identity = options.identity();
        this.files = files;
        this.engine = engine;
        String name = identity.self().name();
        StorageEngine.State state = engine.state();
        DurableTail tail = new DurableTail(new RealDisk(), options.dir());
        long begins = files.firstIndex().orElse(tail.everSynced() ? 0 : state.applied() + 1);
        long inS3 = Math.max(state.shipped(), begins - 1);
        timeline = new Timeline(inS3, inS3, Math.max(inS3, state.applied()), engine.durableLsn(), options.halt());
        control = Executors.newSingleThreadScheduledExecutor(threads("tidemark-control-" + name));
        changes = Executors.newSingleThreadScheduledExecutor(threads("tidemark-changes-" + name));
        promises = new OwnThread("tidemark-promises-" + name);
        tails = Executors.newSingleThreadScheduledExecutor(threads("tidemark-tail-" + name));
        replies = Executors.newSingleThreadExecutor(threads("tidemark-replies-" + name));
        current = new CurrentRun(identity);
        proposer = new RatisProposer(current::get, current::notLeader);
        answers = Executors.newSingleThreadExecutor(threads("tidemark-reads-" + name));
        reads = new ReadRounds(engine, proposer::read, answers);
        waiters = new MarkWaiters(state.applied(), replies);
        shippedWaiters = new MarkWaiters(timeline.highWater(), replies);
        log = new RaftLogSource(engine, current::get);
        coming = new ComingEntries(name, engine, log::coming);
        lag = new ShippingLag(Pace.system(), state.shipped());
        clocks = new ClockGuard(identity.self(), current::members, options.clocks(), options.clock()::millis);
        clock = new LogClock(options.clock(), System::nanoTime, clocks, state.timeMillis());
        batcher = batcher(name);
        writes = new ColdWrites(name, engine, batcher, options.batch().queuedBytes());
        fill = new BackgroundFill(engine, options.coldStart().fillBytesPerSecond(), Pace.system());
        shipping = options.shipping().open(engine, log, announcements(), this::isChainAgreed);
        leadership = new Leadership(identity.history(), engine, batcher, shipping, proposer, clock, this::onControl);
        membership = new Membership(current::get, current::notLeader, changes);
        chains = new ChainGuard(identity, engine, options.chains(), current::members, options.metrics());
        upkeep = new Upkeep(
                engine,
                leadership::serves,
                leadership::propose,
                clocks::isNearMedian,
                clock::millis,
                options.sessionIdle().toMillis(),
                changes);
        votes = new VoteShadow(new RealDisk(), options.dir(), files.metadata());
        LogRetention retention = new LogRetention(
                engine, timeline, files, control, membership::admitting, System::nanoTime, options.halt());
        CatchUp catchUp = new CatchUp(
                engine,
                timeline,
                shipping,
                files,
                tail,
                options.dir().resolve("aside"),
                closing,
                chains::suspect,
                current::notReady,
                options.clock(),
                options.halt());
        TargetGuard guard = new TargetGuard(
                RaftPeerId.valueOf(identity.self().id()),
                options.metrics().counter("raft.refused.target"),
                votes::term,
                this::voteOnDisk);
        life = new RunLife(
                options,
                files,
                tail,
                votes,
                formation,
                guard,
                engine,
                current,
                retention,
                leadership,
                catchUp,
                control,
                tails,
                this::begun);
        parts = new RunEvents.Parts(
                engine,
                timeline,
                lag,
                waiters,
                shippedWaiters,
                coming,
                retention,
                chains,
                leadership,
                life,
                current,
                formation::formed,
                this::syncedLogDirectory,
                this::onControl);
    }

    private HighWaterProposer announcements() {
        return new HighWaterProposer() {
            @Override
            public CompletableFuture<Reply> propose(Operation announcement) {
                return leadership().propose(announcement);
            }

            @Override
            public boolean isClockTrusted() {
                return clocks.isNearMedian();
            }
        };
    }

    private WriteBatcher batcher(String name) {
        Admission admission = new Admission(
                options.limits(),
                () -> lag.lag().bytes(),
                () -> StatusReader.unpurged(current.get()),
                () -> freeDiskBytes);
        return new WriteBatcher(
                name, options.batch(), admission, proposer, clock, replies, options.metrics(), current::notLeader);
    }

    /** See {@link io.tidemark.raft.RaftNode#start}. */
    public static NodeCore start(NodeOptions options) {
        NodeIdentity identity = options.identity();
        RaftFiles files = new RaftFiles(options.dir().resolve("raft"), identity.group());
        Formation formation = new Formation(
                options.dir(), identity.group() + " " + identity.self().id(), files);
        boolean newcomer = !files.exist() && !identity.isFounder();
        formation.startupOption();
        requireFreePort(identity.self());
        if (newcomer) {
            load(options);
        }
        StorageEngine engine = options.engine().apply(options.dir().resolve("engine"));
        NodeCore core = new NodeCore(options, engine, files, formation);
        boolean fromS3 =
                newcomer || engine.state().applied() < files.firstIndex().orElse(0) - 1;
        CompletableFuture<Void> launched = CompletableFuture.runAsync(() -> core.launch(newcomer), core.control);
        core.control.scheduleWithFixedDelay(core::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        core.changes.scheduleWithFixedDelay(core::setClock, 0, CLOCK_MILLIS, TimeUnit.MILLISECONDS);
        if (fromS3) {
            launched.whenCompleteAsync(
                    (done, failure) -> {
                        if (failure != null) {
                            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                            core.life.stop("the node cannot start: " + cause.getMessage(), cause);
                        }
                    },
                    core.control);
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

    /** A newcomer begins at the newest checkpoint, its pages in S3; without S3, it waits for it as it catches up (rule L7). */
    private static void load(NodeOptions options) {
        StoreDirectory place = new StoreDirectory(
                options.dir().resolve("engine"),
                options.engine(),
                options.coldStart().pages());
        try {
            long lsn = options.shipping().load(place);
            LOG.info("node {} begins at LSN {}", options.identity().self().id(), lsn);
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            LOG.warn(
                    "node {} begins without a checkpoint, and replays all segments: {}",
                    options.identity().self().id(),
                    e.getMessage());
        }
    }

    /** Rule C1: asked before pages are offered to others. */
    private boolean isChainAgreed(long lsn) {
        return chains.vote(lsn) == ChainGuard.Verdict.SAME;
    }

    private void launch(boolean newcomer) {
        life.launch(newcomer, run -> new RunEvents(parts, identity.self(), run));
    }

    private void begun(RaftRun run) {
        TermIndex last = run.log().getLastEntryTermIndex();
        if (last != null) {
            coming.appended(last.getIndex());
        }
        readFirst(run);
    }

    /**
     * A node is ready when it has once read what was agreed on since this run began. One that says so earlier may be behind
     * the leader's log by then, and whoever relies on it, to stop another for example, is left without a majority.
     */
    private void readFirst(RaftRun run) {
        reads.readIndex()
                .whenComplete((lsn, failure) -> onControl(() -> {
                    if (current.get() != run || run.closing()) {
                        return;
                    }
                    if (failure == null) {
                        current.notReady(null);
                    } else {
                        control.schedule(() -> readFirst(run), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                    }
                }));
    }

    private void setClock() {
        try {
            clock.set();
        } catch (RuntimeException e) {
            LOG.warn("the members' clocks cannot be compared, they are asked again: {}", e.toString());
        }
    }

    private void tick() {
        try {
            freeDiskBytes = options.dir().toFile().getUsableSpace();
            life.look();
            upkeep.look();
            chains.look(changes, this::outvoted);
        } catch (RuntimeException e) {
            LOG.warn(
                    "looking after node {} failed, it is looked after again: {}",
                    identity.self().id(),
                    e.toString());
        }
    }

    /** Most members contradict this node: it leads no longer, and stops (rule C1). */
    private void outvoted(UnfitException why) {
        stepDown()
                .completeOnTimeout(null, STEP_DOWN_MILLIS, TimeUnit.MILLISECONDS)
                .whenCompleteAsync((done, failure) -> life.stop(why.getMessage(), why), control);
    }

    /** On the control thread, where a failure of one task must neither be lost nor end the others. */
    private void onControl(Runnable task) {
        try {
            control.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error(
                            "node {} failed at something that it goes on without",
                            identity.self().id(),
                            e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("node {} is closed: {}", identity.self().id(), e.toString());
        }
    }

    /** What this node promises next is on disk, in the vote's shadow too (rule L6). */
    private void voteOnDisk() {
        promises.run(this::recordVote);
    }

    private void recordVote() {
        syncedLogDirectory();
        try {
            votes.follow();
        } catch (IOException e) {
            throw options.halt().halt("cannot record term and vote", e);
        }
    }

    /** Whether names had changed. */
    private boolean syncedLogDirectory() {
        try {
            return files.syncDirectoryIfChanged(options.clock().millis());
        } catch (IOException e) {
            throw options.halt().halt("cannot sync the directory of the Raft log", e);
        }
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

    public NodeStatus status() {
        StatusReader reader = new StatusReader(
                identity,
                current.notReady(),
                current.stopped().isDone(),
                engine,
                timeline,
                lag.lag(),
                chains.mismatch());
        return reader.read(current.get());
    }

    public List<Member> members() {
        return current.members();
    }

    /** See {@link io.tidemark.raft.RaftNode#stepDown}. */
    public CompletableFuture<Void> stepDown() {
        RaftRun run = current.get();
        return run == null
                ? CompletableFuture.failedFuture(current.notLeader())
                : proposer.transferLeadership(run, null);
    }

    /** See {@link io.tidemark.raft.RaftNode#transferLeadership}. */
    public CompletableFuture<Void> transferLeadership(String name) {
        RaftRun run = current.get();
        if (run == null || !run.division().getInfo().isLeader()) {
            return CompletableFuture.failedFuture(current.notLeader());
        }
        if (identity.self().name().equals(name)) {
            return CompletableFuture.completedFuture(null);
        }
        return current.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .map(member -> proposer.transferLeadership(run, RaftPeerId.valueOf(member.id())))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new TidemarkException(ErrorKind.NOT_FOUND, "no member of this cluster is named " + name)));
    }

    /** See {@link io.tidemark.raft.RaftNode#entries}. */
    public List<LogEntry> entries(long from, long bytesMax) {
        return log.entries(from, bytesMax);
    }

    public StorageEngine engine() {
        return engine;
    }

    /** Where writes come in. */
    public ColdWrites writes() {
        return writes;
    }

    public ReadRounds reads() {
        return reads;
    }

    public MarkWaiters waiters() {
        return waiters;
    }

    /** Who waits for S3_HWM. */
    public MarkWaiters inS3() {
        return shippedWaiters;
    }

    /** Somebody waits for S3 to have this entry: should this node lead, it ships sooner (rule M6). */
    public void wantedInS3(long lsn) {
        log.want(lsn);
    }

    public Leadership leadership() {
        return leadership;
    }

    public Membership membership() {
        return membership;
    }

    public CompletableFuture<NodeEnd> stopped() {
        return current.stopped();
    }

    /** One that leads has another lead first. */
    @Override
    public void close() {
        closing.countDown();
        RaftRun run = current.get();
        if (run != null && !run.closing()) {
            new HandOver(engine, proposer, waiters).from(run);
        }
        batcher.close();
        writes.close();
        coming.close();
        shipping.close();
        changes.shutdownNow();
        life.endWaits(); // for the control thread may itself wait for a page
        CompletableFuture.runAsync(life::end, control).join();
        control.shutdownNow();
        tails.shutdownNow();
        promises.close();
        fill.close();
        engine.close();
        replies.shutdown();
        answers.shutdown();
        current.notReady("closed");
    }
}
