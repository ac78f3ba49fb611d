package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.raft.run.RaftRun;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has another member lead before this node stops: writes wait for milliseconds then, and not for an election's time-out. */
final class HandOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    /** Who was silent for longer is asked for nothing. */
    private static final long ANSWERING_MILLIS = 1_000;

    /** No longer than an election would take; it is lost where all are stopped, one after another. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final StorageEngine engine;
    private final RatisProposer proposer;
    private final MarkWaiters applied;

    HandOver(StorageEngine engine, RatisProposer proposer, MarkWaiters applied) {
        this.engine = engine;
        this.proposer = proposer;
        this.applied = applied;
    }

    /** Returns when another member leads, at once where there is none to, and after a second whatever happens. */
    void from(RaftRun run) {
        Optional<RaftPeerId> heir = heir(run.division().getInfo());
        if (heir.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        long term = engine.state().term();
        try {
            await(proposer.transferLeadership(run, heir.get()), begun);
            // Ratis begins a file of its log for the next term, and may not close while it does (see RaftRun).
            while (engine.state().term() == term) {
                await(applied.await(engine.state().applied() + 1), begun);
            }
            LOG.info("{} leads now", heir.get());
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("{} has not taken the lead over, the others elect a leader: {}", heir.get(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CompletableFuture<Void> future, long begun)
            throws ExecutionException, InterruptedException, TimeoutException {
        future.get(Math.max(0, LIMIT_NANOS - (System.nanoTime() - begun)), TimeUnit.NANOSECONDS);
    }

    /** Of those that answer, who has most of the log; empty when this node does not lead. */
    private static Optional<RaftPeerId> heir(DivisionInfo info) {
        if (!info.isLeader()) {
            return Optional.empty();
        }
        List<ServerRpcProto> followers = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
        long[] matched = info.getFollowerMatchIndices();
        int known = matched == null ? 0 : Math.min(matched.length, followers.size()); // null when it just stepped down
        int heir = -1;
        for (int i = 0; i < known; i++) {
            if (followers.get(i).getLastRpcElapsedTimeMs() < ANSWERING_MILLIS
                    && (heir < 0 || matched[i] > matched[heir])) {
                heir = i;
            }
        }
        return heir < 0
                ? Optional.empty()
                : Optional.of(RaftPeerId.valueOf(followers.get(heir).getId().getId()));
    }
}
