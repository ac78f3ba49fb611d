package io.tidemark.raft.retention;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.run.RaftRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets this node's log go, up to what S3 has.
 *
 * <p>The order is what keeps a node from losing what it alone has, and from sending healthy followers to install (rule
 * L1): the engine is durable at or past the entry that announced the mark; then the low water mark moves; then the
 * state machine answers with the end of the last closed log file at or below it; then Ratis drops the files. Files that S3
 * has stay for a moment of grace, see {@link RetentionGrace}; the mark does not wait for that.
 *
 * <p>Threads: {@link #shipped} on the applying thread, everything else on the node's control thread.
 */
public final class LogRetention {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

    /** Long enough for a node to begin again from S3's mark on a busy machine, and for one that is slow to be fed. */
    private static final RetentionGrace.Limits GRACE =
            new RetentionGrace.Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), 256L << 20, 50_000);

    /** A follower that has not answered for so long is away and is waited for no longer than any other. */
    private static final long ANSWERING_MILLIS = 5_000;

    private final StorageEngine engine;
    private final Timeline timeline;
    private final RaftFiles files;
    private final Executor control;
    private final Halt halt;
    private final BooleanSupplier admitting;
    private final RetentionGrace grace;
    private RaftRun run;

    /**
     * @param admitting whether a newcomer is on its way, whose place in the log Ratis does not always tell
     * @param nanoClock monotonic, for the grace that shipped files have
     */
    public LogRetention(
            StorageEngine engine,
            Timeline timeline,
            RaftFiles files,
            Executor control,
            BooleanSupplier admitting,
            LongSupplier nanoClock,
            Halt halt) {
        this.engine = engine;
        this.timeline = timeline;
        this.files = files;
        this.control = control;
        this.halt = halt;
        this.admitting = admitting;
        this.grace = new RetentionGrace(GRACE, nanoClock);
    }

    /** The run whose log to let go; null while there is none. On the control thread. */
    public void attach(RaftRun newRun) {
        run = newRun;
        if (newRun != null) {
            letGo(timeline.lowWater());
        }
    }

    /**
     * The entry at {@code announced} has moved the replicated shipped mark to {@code mark}. Asks the engine to become
     * durable past it, and lets go then.
     */
    public void shipped(long announced, long mark) {
        if (mark > timeline.highWater()) {
            timeline.highWater(mark);
        }
        engine.requestSync()
                .whenCompleteAsync((durable, failure) -> durable(announced, mark, durable, failure), control);
    }

    private void durable(long announced, long mark, Long durable, Throwable failure) {
        if (failure != null) {
            throw halt.halt("the engine cannot become durable past " + announced, failure);
        }
        if (durable > timeline.durable()) {
            timeline.durable(durable);
        }
        if (durable < announced) {
            throw halt.halt("a sync asked for after entry " + announced + " reached only " + durable, null);
        }
        if (mark > timeline.lowWater()) {
            timeline.lowWater(mark);
        }
        letGo(timeline.lowWater());
    }

    /** Lets go of files whose grace is over. On the control thread, now and then. */
    public void tick() {
        letGo(timeline.lowWater());
    }

    /**
     * Drops the closed log files that end at or below the mark, after their {@link RetentionGrace}; never one that Ratis
     * has yet to hand in again after a restart.
     */
    private void letGo(long mark) {
        if (run == null) {
            return;
        }
        long end =
                grace.mayGo(files.closedSegments(), Math.min(mark, run.machine().delivered()), heldByFollowers());
        if (end < 0) {
            return;
        }
        long last = end;
        long term = engine.state()
                .termOf(last)
                .orElseThrow(() -> halt.halt("the engine does not know the term of its own entry " + last, null));
        run.machine().logBeginsAfter(TermIndex.valueOf(term, last));
        run.log().purge(last).whenCompleteAsync((purged, failure) -> dropped(last, failure), control);
    }

    /** What every follower that answers has, as far as this node leads; nothing while a newcomer is on its way. */
    private long heldByFollowers() {
        DivisionInfo info = run.division().getInfo();
        if (!info.isLeader()) {
            return Long.MAX_VALUE;
        }
        if (admitting.getAsBoolean()) {
            return -1;
        }
        List<ServerRpcProto> followers = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
        long[] matched = info.getFollowerMatchIndices();
        long held = Long.MAX_VALUE;
        int known = matched == null ? 0 : Math.min(matched.length, followers.size()); // null when it just stepped down
        for (int i = 0; i < known; i++) {
            if (followers.get(i).getLastRpcElapsedTimeMs() < ANSWERING_MILLIS) {
                held = Math.min(held, matched[i]);
            }
        }
        return held;
    }

    private void dropped(long last, Throwable failure) {
        if (failure != null) {
            LOG.warn("Ratis could not drop its log up to {}: {}; it is tried again at the next mark", last, failure);
            return;
        }
        if (run == null) {
            return; // the node ends, and its directory may be gone by now; the next start finds it as after a crash
        }
        try {
            files.syncDirectory();
        } catch (IOException e) {
            throw halt.halt("cannot sync the directory of the Raft log after dropping up to " + last, e);
        }
    }
}
