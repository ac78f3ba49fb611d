package io.tidemark.daemon.node;

import io.tidemark.raft.Member;
import io.tidemark.raft.RaftNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Newcomers that this node, as the leader, is taking in. Taking in lasts until the newcomer has caught up, so whoever asks
 * is answered at once whether it is done, and asks again: of this leader, or of its successor.
 */
final class Admissions {
    private static final long GIVE_UP_SECONDS = 60;
    private static final long ANSWER_MILLIS = 500;

    private final RaftNode node;
    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    Admissions(RaftNode node) {
        this.node = node;
    }

    /** True when the newcomer is a voter, false when that is still on its way. */
    CompletableFuture<Boolean> ask(Member newcomer) {
        CompletableFuture<Void> admission = running.computeIfAbsent(newcomer.id(), id -> {
            CompletableFuture<Void> begun = node.admit(newcomer).orTimeout(GIVE_UP_SECONDS, TimeUnit.SECONDS);
            begun.whenComplete((done, failure) ->
                    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> running.remove(id)));
            return begun;
        });
        return admission.thenApply(done -> true).completeOnTimeout(false, ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
