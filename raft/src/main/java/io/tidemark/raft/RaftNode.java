package io.tidemark.raft;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.node.NodeCore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One node of a cluster: an engine that follows the agreed log, and its share in agreeing on it. Thread-safe. Futures
 * complete on a thread of the node that answers everyone: whoever has more to do hands over.
 */
public final class RaftNode implements AutoCloseable {
    private final NodeCore core;

    private RaftNode(NodeCore core) {
        this.core = core;
    }

    /**
     * Opens the engine, recovers it, and takes part. Returns when the node talks to the others, or at once, not ready,
     * when it must first get entries from S3; {@link NodeStatus#notReady} says why.
     *
     * @throws TidemarkException {@code INVALID} for a directory of another node, {@code UNAVAILABLE} for a port in use,
     *     {@code CORRUPT} for damaged files, {@code FATAL} for a lost Raft log; nothing runs then
     */
    public static RaftNode start(NodeOptions options) {
        return new RaftNode(NodeCore.start(options));
    }

    /**
     * Writes, on the leader; the replies come in order, once applied here. Fails with {@link NotLeaderException} when
     * this node does not lead, with {@link io.tidemark.raft.batch.LimitException} past a limit, with {@code INVALID} for
     * what no entry may carry, with {@code OUTCOME_UNKNOWN} when leadership was lost under way, with {@code UNAVAILABLE} when
     * a page that it changes is in S3 alone and S3 does not answer.
     */
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        return core.writes().submit(commands);
    }

    /** Completes with an LSN when a read of this node's engine from then on is linearizable. Works on any node. */
    public CompletableFuture<Long> readIndex() {
        return core.reads().readIndex();
    }

    public StorageEngine engine() {
        return core.engine();
    }

    public NodeStatus status() {
        return core.status();
    }

    /** Completes when the engine has the entry at {@code lsn}; with a {@code TimeoutException} after {@code limit}. */
    public CompletableFuture<Void> awaitApplied(long lsn, Duration limit) {
        return core.waiters().await(lsn).orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** S3 has every entry up to here, as far as this node knows; -1 for none. */
    public long shipped() {
        return core.inS3().mark();
    }

    /** Somebody waits for S3 to have this entry: should this node lead, it ships sooner (rule M6). */
    public void wantShipped(long lsn) {
        core.wantedInS3(lsn);
    }

    /**
     * Completes with true when S3_HWM is at {@code lsn} or past it, and S3 is known to have that entry; with false after
     * {@code limit}. Entries of the log's own at its end are shipped only when a client's entry follows them (rule M3).
     */
    public CompletableFuture<Boolean> awaitShipped(long lsn, Duration limit) {
        core.wantedInS3(lsn);
        return core.inS3()
                .await(lsn)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .handle((reached, late) -> late == null);
    }

    /** Hands out the next incarnation of a node's name, never the same twice; on the leader (rule L4). */
    public CompletableFuture<Integer> allocateIncarnation(String name) {
        return core.leadership()
                .propose(new Operation.AllocateIncarnation(name))
                .thenApply(reply -> {
                    if (reply.status() != Reply.Status.OK || reply.payload().length != Long.BYTES) {
                        throw new TidemarkException(
                                ErrorKind.RETRY, "no incarnation of " + name + " was handed out: " + reply);
                    }
                    return Math.toIntExact(ByteBuffer.wrap(reply.payload()).getLong());
                });
    }

    /**
     * Takes a newcomer in for every older incarnation of its name; on the leader. Completes when it is a voter. May be
     * asked again, of any leader. The caller bounds the wait.
     */
    public CompletableFuture<Void> admit(Member newcomer) {
        return core.membership().admit(newcomer);
    }

    /** Gives up leadership, so that another node leads sooner than by time-out; before a planned stop, for example. */
    public CompletableFuture<Void> stepDown() {
        return core.stepDown();
    }

    /**
     * Has the node of this name lead; on the leader. Completes when it does, at once if it is this one. Fails with RETRY
     * when it has not caught up in time, with NOT_FOUND when there is no member of this name.
     */
    public CompletableFuture<Void> transferLeadership(String name) {
        return core.transferLeadership(name);
    }

    /**
     * Entries from this LSN on that are agreed and applied here, in order; empty when there are none yet. At least one if
     * there is one, and no more once they have this many bytes. {@code NOT_FOUND} when the log begins later.
     */
    public List<LogEntry> entries(long from, long bytesMax) {
        return core.entries(from, bytesMax);
    }

    /** Members of the current configuration, voters before listeners. */
    public List<Member> members() {
        return core.members();
    }

    /** Completes with the reason when the node has ended by itself: its incarnation was superseded, or it cannot go on. */
    public CompletableFuture<NodeEnd> stopped() {
        return core.stopped();
    }

    /** Leaves, and closes the engine cleanly. */
    @Override
    public void close() {
        core.close();
    }
}
