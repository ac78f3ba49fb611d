package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.ExpireTransactions;
import io.tidemark.engine.log.Reply;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader does for transactions and sessions that their owners have left: proposes the slices of rollbacks and
 * clean-ups that some entry began (rule E6), and the expiry of those whose owners are silent (rule E7). One proposal at a
 * time; whoever leads next finds in its own state what is left. Silent when there is nothing to do (rule M3).
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final StorageEngine engine;
    private final BooleanSupplier leads;
    private final Function<Operation, CompletableFuture<Reply>> proposer;
    private final BooleanSupplier clockIsTrusted;
    private final LongSupplier clockMillis;
    private final long sessionIdleMillis;
    private final Executor mayBlock;
    private final AtomicBoolean busy = new AtomicBoolean();
    private boolean warned;

    /**
     * @param sessionIdleMillis a session unused for longer is ended
     * @param clockIsTrusted asks the others, and so may take a while
     * @param mayBlock where that is asked
     */
    Upkeep(
            StorageEngine engine,
            BooleanSupplier leads,
            Function<Operation, CompletableFuture<Reply>> proposer,
            BooleanSupplier clockIsTrusted,
            LongSupplier clockMillis,
            long sessionIdleMillis,
            Executor mayBlock) {
        this.engine = engine;
        this.leads = leads;
        this.proposer = proposer;
        this.clockIsTrusted = clockIsTrusted;
        this.clockMillis = clockMillis;
        this.sessionIdleMillis = sessionIdleMillis;
        this.mayBlock = mayBlock;
    }

    /** Called again and again; returns at once. */
    void look() {
        if (!leads.getAsBoolean() || !hasSomethingToDo() || !busy.compareAndSet(false, true)) {
            return;
        }
        Optional<Operation> slice = engine.work();
        if (slice.isPresent()) {
            propose(slice.get());
        } else {
            mayBlock.execute(this::expire);
        }
    }

    private boolean hasSomethingToDo() {
        return engine.work().isPresent() || isDue(clockMillis.getAsLong()) || isIdle(clockMillis.getAsLong());
    }

    private boolean isDue(long now) {
        OptionalLong deadline = engine.transactions().nextDeadlineMillis();
        return deadline.isPresent() && deadline.getAsLong() <= now;
    }

    private boolean isIdle(long now) {
        OptionalLong used = engine.sessionUsedMillis();
        return used.isPresent() && used.getAsLong() < now - sessionIdleMillis;
    }

    private void expire() {
        boolean trusted = false;
        try {
            trusted = clockIsTrusted.getAsBoolean();
        } finally {
            if (!trusted) {
                warnOnce();
                busy.set(false);
            }
        }
        if (trusted) {
            warned = false;
            long now = clockMillis.getAsLong();
            propose(isDue(now) ? new ExpireTransactions(now) : new ExpireSessions(now - sessionIdleMillis));
        }
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "transactions and sessions that are due do not expire: this node's clock is not near that of most members");
        }
    }

    private void propose(Operation operation) {
        proposer.apply(operation).whenComplete((reply, failure) -> {
            busy.set(false);
            if (failure == null) {
                look();
            } else {
                LOG.debug("{} is proposed again later: {}", operation, failure.toString());
            }
        });
    }
}
