package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeEnd;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.config.RaftSettings;
import io.tidemark.raft.guard.DurableTail;
import io.tidemark.raft.guard.Formation;
import io.tidemark.raft.guard.LogCheck;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.TailWatch;
import io.tidemark.raft.guard.TargetGuard;
import io.tidemark.raft.guard.UnfitException;
import io.tidemark.raft.guard.VoteShadow;
import io.tidemark.raft.machine.EngineStateMachine;
import io.tidemark.raft.membership.Configurations;
import io.tidemark.raft.retention.LogRetention;
import io.tidemark.raft.run.RaftRun;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends runs of Ratis over one engine: at the start, after a catch-up, for good. All of it on the node's
 * control thread.
 */
final class RunLife {
    private static final Logger LOG = LoggerFactory.getLogger(RunLife.class);

    /** An install that is not needed is turned down after the leader has heard where this node stands. */
    private static final long TURN_DOWN_MILLIS = 700;

    private final NodeOptions options;
    private final NodeIdentity identity;
    private final RaftFiles files;
    private final DurableTail tail;
    private final VoteShadow votes;
    private final Formation formation;
    private final TargetGuard guard;
    private final StorageEngine engine;
    private final CurrentRun current;
    private final LogRetention retention;
    private final Leadership leadership;
    private final CatchUp catchUp;
    private final ScheduledExecutorService control;
    private final ScheduledExecutorService tailExecutor;
    private final Consumer<RaftRun> begun;
    private TailWatch watch;
    private Function<RaftRunRef, RunEvents> eventsOfRun;

    /** @param begun told of each run that has begun: the node is ready once the run has caught up */
    RunLife(
            NodeOptions options,
            RaftFiles files,
            DurableTail tail,
            VoteShadow votes,
            Formation formation,
            TargetGuard guard,
            StorageEngine engine,
            CurrentRun current,
            LogRetention retention,
            Leadership leadership,
            CatchUp catchUp,
            ScheduledExecutorService control,
            ScheduledExecutorService tailExecutor,
            Consumer<RaftRun> begun) {
        this.options = options;
        this.identity = options.identity();
        this.files = files;
        this.tail = tail;
        this.votes = votes;
        this.formation = formation;
        this.guard = guard;
        this.engine = engine;
        this.current = current;
        this.retention = retention;
        this.leadership = leadership;
        this.catchUp = catchUp;
        this.control = control;
        this.tailExecutor = tailExecutor;
        this.begun = begun;
    }

    /**
     * Runs Ratis over the engine as it stands.
     *
     * @param newcomer gets what S3 has first
     * @param events makes the listener of the run
     */
    void launch(boolean newcomer, Function<RaftRunRef, RunEvents> events) {
        eventsOfRun = events;
        if (newcomer && !catchUp.replay(-1)) {
            return;
        }
        StorageEngine.State state = engine.state();
        long logTerm = new LogCheck(files, tail, options.dir().resolve("aside"), RaftSettings.APPENDER_BYTES)
                .check(state.applied(), Math.min(state.applied(), state.shipped()));
        votes.check(logTerm);
        CatchUp.Beginning beginning = catchUp.beginning();
        if (beginning.closing()) {
            return;
        }
        try {
            TailWatch next = new TailWatch(tail, () -> engine.state().applied(), tailExecutor, options.halt());
            RaftRunRef ref = new RaftRunRef(next);
            EngineStateMachine machine = new EngineStateMachine(
                    engine, options.batch()::checkPages, beginning.before(), events.apply(ref), options.halt());
            RaftRun run = new RaftRun(identity, files, formation, guard, machine, options.halt());
            ref.run = run;
            current.set(run);
            watch = next;
            run.start();
            watch.attach(logOf(run));
            retention.attach(run);
            current.notReady("has yet to apply what the others have agreed on");
            begun.accept(run);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.FATAL, "Raft does not start: " + e, e);
        }
    }

    private static TailWatch.Log logOf(RaftRun run) {
        RaftLog log = run.log();
        return new TailWatch.Log() {
            @Override
            public long synced() {
                return log.getFlushIndex();
            }

            @Override
            public TermIndex at(long index) {
                try {
                    return log.getTermIndex(index);
                } catch (IllegalStateException e) {
                    return null; // Ratis has closed it while we looked
                }
            }
        };
    }

    /** Filled in once the run exists that its own events speak of. */
    static final class RaftRunRef {
        private final TailWatch tail;
        private volatile RaftRun run;

        RaftRunRef(TailWatch tail) {
            this.tail = tail;
        }

        TailWatch tail() {
            return tail;
        }

        RaftRun get() {
            return run;
        }
    }

    /** The leader's log begins past this node's. Goes on from the engine's own LSN by what S3 has (rule L2). */
    void install(
            RaftRun of, TermIndex first, CompletableFuture<TermIndex> asked, Function<RaftRunRef, RunEvents> events) {
        if (of != current.get() || of.closing()) {
            return;
        }
        if (holds(of, first)) {
            turnDown(of, asked);
            return;
        }
        long applied = engine.state().applied();
        LOG.info("the leader's log begins at {}, this node is at {}", first, applied);
        current.notReady("catching up from S3 to entry " + first.getIndex());
        leadership.end(current::notLeader);
        end();
        try {
            if (catchUp.replay(first.getIndex() - 1)) {
                catchUp.replaceLog();
                launch(false, events);
            }
        } catch (RuntimeException e) { // whatever it is: a node that neither follows nor ends helps nobody
            stop("the node cannot catch up: " + e.getMessage(), e);
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
        boolean member = of.division().getGroup().getPeer(of.self()) != null;
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

    /** Now and then: whether Ratis has closed the run behind our back, and whether files' grace is over. */
    void look() {
        RaftRun run = current.get();
        if (run != null && !run.closing()) {
            LifeCycle.State state = run.division().getInfo().getLifeCycleState();
            if (state == LifeCycle.State.CLOSED || state == LifeCycle.State.EXCEPTION) {
                closedByRatis(run);
            } else {
                retention.tick();
            }
        }
    }

    /** Ratis has closed the division, or a configuration without this incarnation is agreed. */
    void closedByRatis(RaftRun of) {
        if (of != current.get() || of.closing()) {
            return;
        }
        if (isNewcomer(of)) {
            beginAgain();
            return;
        }
        stop(
                "this incarnation, " + identity.self().id() + ", is no longer a member of the cluster: remove its"
                        + " directory and start it again, it joins as the next incarnation",
                null);
    }

    /**
     * Whether the configuration that this node knows is one from before it was taken in. Ratis ends a candidate that its own
     * configuration does not name, and a newcomer that is fed old entries, and then hears nobody for a while, is one.
     */
    private boolean isNewcomer(RaftRun of) {
        Member self = identity.self();
        return Configurations.members(of.division().getRaftConf()).stream()
                .noneMatch(member -> member.name().equals(self.name()) && member.incarnation() >= self.incarnation());
    }

    private void beginAgain() {
        LOG.info(
                "{} has not read yet that it is a member, and heard nobody: it begins again",
                identity.self().id());
        leadership.end(current::notLeader);
        end();
        try {
            launch(false, eventsOfRun);
        } catch (RuntimeException e) {
            stop("the node cannot begin again: " + e.getMessage(), e);
        }
    }

    /** This node's state needs what was given up: it comes back as a newcomer does (rule CT6). */
    void lacks(ColdPageException page) {
        UnfitException why = CatchUp.tooFarBehind(page);
        stop(why.getMessage(), why);
    }

    /** The node ends by itself: it takes no more part, and says why. */
    void stop(String why, Throwable cause) {
        if (current.stopped().isDone()) {
            return;
        }
        LOG.error("{}", why, cause);
        current.notReady(why);
        leadership.end(() -> new TidemarkException(ErrorKind.UNAVAILABLE, why));
        endWaits();
        end();
        current.stopped().complete(new NodeEnd(why, cause instanceof UnfitException));
    }

    /** No entry waits for a page from S3 any more: the present run is the last, and can be ended. */
    void endWaits() {
        RaftRun run = current.get();
        if (run != null) {
            run.ends();
        }
        engine.endWaits();
    }

    /** Ends the present run, if there is one. */
    void end() {
        retention.attach(null);
        RaftRun run = current.get();
        if (run != null) {
            watch.look();
            run.close();
            watch.detach();
        }
        current.set(null);
    }
}
