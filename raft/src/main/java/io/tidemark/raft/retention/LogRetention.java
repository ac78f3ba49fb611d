package io.tidemark.raft.retention;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.node.RaftRun;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets this node's log go, up to what S3 has.
 *
 * <p>The order is what keeps a node from losing what it alone has, and from sending healthy followers to install (rule
 * L1): the engine is durable at or past the entry that announced the mark; then the low water mark moves; then the
 * state machine answers with the end of the last closed log file at or below it; then Ratis drops the files.
 *
 * <p>Threads: {@link #shipped} on the applying thread, everything else on the node's control thread.
 */
public final class LogRetention {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

    private final StorageEngine engine;
    private final Timeline timeline;
    private final RaftFiles files;
    private final Executor control;
    private final Halt halt;
    private RaftRun run;

    public LogRetention(StorageEngine engine, Timeline timeline, RaftFiles files, Executor control, Halt halt) {
        this.engine = engine;
        this.timeline = timeline;
        this.files = files;
        this.control = control;
        this.halt = halt;
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

    /** Drops the closed log files that end at or below the mark. */
    private void letGo(long mark) {
        if (run == null) {
            return;
        }
        long end = -1;
        for (RaftFiles.Segment segment : files.closedSegments()) {
            if (segment.last() <= mark) {
                end = segment.last();
            }
        }
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

    private void dropped(long last, Throwable failure) {
        if (failure != null) {
            LOG.warn("Ratis could not drop its log up to {}: {}; it is tried again at the next mark", last, failure);
            return;
        }
        try {
            files.syncDirectory();
        } catch (IOException e) {
            throw halt.halt("cannot sync the directory of the Raft log after dropping up to " + last, e);
        }
    }
}
