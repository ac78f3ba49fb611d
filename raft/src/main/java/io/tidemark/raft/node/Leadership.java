package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.batch.EntryProposer;
import io.tidemark.raft.batch.WriteBatcher;
import io.tidemark.raft.machine.Proposal;
import io.tidemark.raft.run.RaftRun;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader does: sees to it that the history has started before any client writes (rule H2), then ships, takes
 * writes, and puts the cluster's own commands into the log. On the node's control thread, but for {@link #propose}.
 */
public final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final String history;
    private final StorageEngine engine;
    private final WriteBatcher batcher;
    private final Shipping shipping;
    private final EntryProposer proposer;
    private final Clock clock;
    private final Executor control;
    private volatile boolean serves;

    public Leadership(
            String history,
            StorageEngine engine,
            WriteBatcher batcher,
            Shipping shipping,
            EntryProposer proposer,
            Clock clock,
            Executor control) {
        this.history = history;
        this.engine = engine;
        this.batcher = batcher;
        this.shipping = shipping;
        this.proposer = proposer;
        this.clock = clock;
        this.control = control;
    }

    /** This node leads and has applied everything before its term. */
    public void begin(RaftRun run) {
        if (run.closing() || !run.division().getInfo().isLeaderReady()) {
            return;
        }
        StorageEngine.State state = engine.state();
        if (state.history().equals(history)) {
            serve();
            return;
        }
        long fork = run.log().getStartIndex() - 1;
        LOG.info("starting history {} after {} of '{}'", history, fork, state.history());
        propose(new Operation.HistoryStarted(history, state.history(), fork))
                .whenCompleteAsync(
                        (reply, failure) -> {
                            if (failure == null) {
                                begin(run);
                            } else {
                                LOG.warn("the history could not be started: {}", failure.toString());
                            }
                        },
                        control);
    }

    private void serve() {
        shipping.lead();
        batcher.open();
        serves = true;
    }

    /** Whether this node leads and takes writes, as far as it knows. */
    boolean serves() {
        return serves;
    }

    /** This node leads no longer. */
    public void end(Supplier<? extends TidemarkException> why) {
        serves = false;
        batcher.close(why);
        shipping.follow();
    }

    /** Puts a command of the cluster itself into the log, past all back-pressure (rule M5). */
    public CompletableFuture<Reply> propose(Operation operation) {
        Proposal proposal = new Proposal(new Entry(clock.millis(), List.of(Command.of(operation))));
        proposer.propose(proposal);
        return proposal.replies().thenApply(replies -> replies.get(0));
    }
}
