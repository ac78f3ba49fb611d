package io.tidemark.daemon.http;

import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.tier.TierWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What the port needs of the node behind it. Thread-safe. Futures may complete on any thread; the port goes on elsewhere.
 * What fails, fails with a {@link io.tidemark.engine.error.TidemarkException}.
 */
public interface NodeService {

    /**
     * Has the commands agreed on and applied, in order, perhaps in several entries. Fails with {@link LeaderElsewhere}
     * when this node is not the leader, with OUTCOME_UNKNOWN when they may or may not be applied; any other failure means
     * that nothing happened.
     *
     * @return one reply per command
     */
    CompletableFuture<List<Reply>> submit(List<Command> commands);

    /** Completes when a read of this node's state is linearizable, with the LSN that has been applied by then. */
    CompletableFuture<Long> readIndex();

    /** Completes when {@code lsn} is applied here; fails with RETRY when that takes longer. */
    CompletableFuture<Void> awaitApplied(long lsn, Duration timeout);

    /** What of the past is kept, as the log says. */
    default Retention retention() {
        return Retention.NONE;
    }

    /** S3 has every entry up to here, as far as this node knows; -1 for none. */
    default long shipped() {
        return -1;
    }

    /** Whether a write that does not say otherwise is answered only when S3 has it (rule M6). */
    default boolean acknowledgesInS3() {
        return false;
    }

    /** Somebody waits for S3 to have this entry: should this node lead, it ships sooner (rule M6). */
    default void wantShipped(long lsn) {}

    /** Completes with true when S3 is known to have the entry, with false when that takes longer; wants it meanwhile. */
    default CompletableFuture<Boolean> awaitShipped(long lsn, Duration timeout) {
        return CompletableFuture.completedFuture(shipped() >= lsn);
    }

    Optional<Row> get(String keyspace, byte[] key);

    /** As {@link #get}, with the changes of an open transaction; 0 for none. */
    Optional<Row> get(long transaction, String keyspace, byte[] key);

    /** Whether the transaction is open in this node's state. */
    boolean isOpen(long transaction);

    /** As {@link io.tidemark.engine.StorageEngine#scan}. */
    Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes);

    /** LSN of the last entry that local reads see. */
    long applied();

    OptionalLong chainAt(long lsn);

    /**
     * Entries of the log from this LSN on that are applied here; empty when there are none yet, about this many bytes at
     * most. {@code NOT_FOUND} when the log begins later.
     */
    List<LogEntry> entries(long from, long bytesMax);

    Optional<ContentsDigest> contentsAt(long lsn);

    /** The tiers of this node's log segments; empty where they are off. */
    default Optional<TierWork> tiers() {
        return Optional.empty();
    }

    /** The leader's {@code host:port}, this node's own when it leads; null when none is known. Cheap. */
    String leaderHttp();

    StatusReport status();

    /** Why this node does not serve, or empty when it does. */
    Optional<String> notReady();

    /** Hands out the next incarnation of a node's name (rule L4). Fails with {@link LeaderElsewhere} at a follower. */
    CompletableFuture<JoinAnswer> join(String name);

    /**
     * Takes an incarnation in as a voter for every older one of its name (rule L4); may be asked again. Completes with
     * false while that is still on its way. Fails with {@link LeaderElsewhere} at a follower, with INVALID when a later
     * incarnation is a member already.
     */
    CompletableFuture<Boolean> admit(String name, int incarnation);

    /**
     * Has the node of this name lead, within seconds. Fails with {@link LeaderElsewhere} at a follower, with RETRY when
     * that node does not keep up, with NOT_FOUND when there is none.
     */
    CompletableFuture<Void> transferLeadership(String name);
}
