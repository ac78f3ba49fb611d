package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.guard.DurableTail;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.UnfitException;
import io.tidemark.recovery.ChainMismatchException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the engine on from its own LSN by what S3 has, and makes Ratis' files agree with where it stands then (rules
 * L2, L7). Runs while no Raft division does, on the node's control thread; waits for S3 as long as it takes, and says
 * why.
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long AGAIN_MILLIS = 500;

    /** A replay that took longer has let the leader's log move on as far: it is worth another before Raft runs. */
    private static final long SHORT_MILLIS = 2_000;

    private static final int ROUNDS_MAX = 20;

    private final StorageEngine engine;
    private final Timeline timeline;
    private final Shipping shipping;
    private final RaftFiles files;
    private final DurableTail tail;
    private final Path aside;
    private final CountDownLatch closing;
    private final LongConsumer suspects;
    private final Consumer<String> says;
    private final Clock clock;
    private final Halt halt;

    /**
     * @param aside where a replaced log is kept until the next one is
     * @param closing at 0 the node is being closed: waiting ends
     * @param suspects told the LSN at which S3 says another chain than this engine has
     * @param says told why the node does not serve
     */
    public CatchUp(
            StorageEngine engine,
            Timeline timeline,
            Shipping shipping,
            RaftFiles files,
            DurableTail tail,
            Path aside,
            CountDownLatch closing,
            LongConsumer suspects,
            Consumer<String> says,
            Clock clock,
            Halt halt) {
        this.engine = engine;
        this.timeline = timeline;
        this.shipping = shipping;
        this.files = files;
        this.tail = tail;
        this.aside = aside;
        this.closing = closing;
        this.suspects = suspects;
        this.says = says;
        this.clock = clock;
        this.halt = halt;
    }

    /**
     * Replays S3 until the engine has the entry at {@code needed} (-1: whatever S3 has), and is durable there. False when
     * the node is being closed.
     *
     * <p>A long replay is followed by another, each over what was shipped during the one before, until one is short: a
     * leader keeps what S3 has for a moment only, and a node that comes later than that begins again.
     */
    public boolean replay(long needed) {
        recorded(tail::engineGoesAhead);
        long before = engine.state().applied();
        int rounds = 0;
        while (true) {
            String why;
            try {
                long began = clock.millis();
                long mark = replayed();
                verified(mark);
                if (clock.millis() - began > SHORT_MILLIS && ++rounds < ROUNDS_MAX && closing.getCount() > 0) {
                    continue;
                }
                if (engine.state().applied() >= needed) {
                    LOG.info(
                            "replayed {}..{} from S3",
                            before + 1,
                            engine.state().applied());
                    return true;
                }
                why = "S3 has entries up to " + mark + ", this node needs them up to " + needed;
            } catch (TidemarkException e) {
                if (e.kind() != ErrorKind.UNAVAILABLE && e.kind() != ErrorKind.RETRY) {
                    throw e;
                }
                why = "waiting for S3 to catch up from " + (engine.state().applied() + 1) + ": " + e.getMessage();
            }
            says.accept(why);
            if (awaitClosing()) {
                return false;
            }
        }
    }

    /**
     * The entries are proved by their own hashes. Whose pages are wrong, this node's or those of the leader that shipped,
     * the members decide when this node runs.
     */
    private long replayed() {
        try {
            return shipping.replay(engine);
        } catch (ChainMismatchException e) {
            LOG.error("{}; the members will decide who is right", e.getMessage());
            suspects.accept(e.mark());
            return e.mark();
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.NOT_FOUND || e instanceof ColdPageException page && page.isGivenUp()) {
                throw tooFarBehind(e);
            }
            throw e;
        }
    }

    static UnfitException tooFarBehind(TidemarkException what) {
        return new UnfitException(
                "this node is so far behind that what it lacks was given up: " + what.getMessage(), what);
    }

    /** S3 has everything up to {@code mark}, as a manifest and its segments prove (rule M1). */
    private void verified(long mark) {
        long durable = engine.requestSync().join();
        timeline.committed(Math.max(mark, engine.state().applied()));
        if (mark > timeline.highWater()) {
            timeline.highWater(mark);
        }
        if (durable > timeline.durable()) {
            timeline.durable(durable);
        }
    }

    /**
     * Puts the log away, and has Ratis go on after the engine's LSN. Only for a log that holds nothing S3 has not, or
     * nothing that was ever agreed.
     */
    public void replaceLog() {
        StorageEngine.State state = engine.state();
        if (state.applied() > timeline.highWater()) {
            throw halt.halt(
                    "the log would be put away at " + state.applied() + ", and S3 has only " + timeline.highWater(),
                    null);
        }
        writeConfiguration(state);
        recorded(tail::puttingAway);
        files.moveLogAside(aside);
        recorded(tail::putAway);
        if (state.applied() > timeline.lowWater()) {
            timeline.lowWater(state.applied());
        }
        LOG.info("the Raft log begins anew after ({}, {})", state.term(), state.applied());
    }

    /** What is recorded of the log's end changes before the log does (rule L5). */
    private void recorded(Step step) {
        try {
            step.write();
        } catch (IOException e) {
            throw halt.halt("cannot record where the Raft log ends", e);
        }
    }

    private interface Step {
        void write() throws IOException;
    }

    /** Ratis reads its configuration from a file that the replay has outrun. */
    private void writeConfiguration(StorageEngine.State state) {
        if (state.configurationLsn() <= state.fork()) {
            return; // of another group, or none yet
        }
        Path temporary = files.configuration().resolveSibling("raft-meta.conf.caught-up");
        try {
            LogEntryProto entry = LogEntryProto.newBuilder()
                    .setTerm(state.termOf(state.configurationLsn()).orElse(0))
                    .setIndex(state.configurationLsn())
                    .setConfigurationEntry(RaftConfigurationProto.parseFrom(state.configuration()))
                    .build();
            try (OutputStream out = Files.newOutputStream(temporary)) {
                entry.writeTo(out);
            }
            Files.move(temporary, files.configuration(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + files.configuration(), e);
        }
    }

    /**
     * The entry before the log's first, as Ratis has to be told it; null when the log is whole. Replays S3 first when
     * the engine has lost what the log no longer holds; empty when the node is being closed meanwhile.
     */
    public Beginning beginning() {
        long first = files.firstIndex().orElse(engine.state().applied() + 1);
        if (engine.state().applied() < first - 1 && !replay(first - 1)) {
            return new Beginning(true, null);
        }
        if (first == 0) {
            return new Beginning(false, null);
        }
        long before = first - 1;
        long term = engine.state()
                .termOf(before)
                .orElseThrow(() -> halt.halt("the engine does not know the term of its own entry " + before, null));
        return new Beginning(false, TermIndex.valueOf(term, before));
    }

    /** @param before null when the log is whole */
    public record Beginning(boolean closing, TermIndex before) {}

    private boolean awaitClosing() {
        try {
            return closing.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
