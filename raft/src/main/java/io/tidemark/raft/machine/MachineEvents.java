package io.tidemark.raft.machine;

import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.store.ColdPageException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.server.protocol.TermIndex;

/** What the state machine tells the node. Called on Ratis' own threads: each returns at once. */
public interface MachineEvents {
    /** Ratis has its directory locked and has not yet read term and vote; nothing was sent to anyone. */
    void storageReady();

    /**
     * Ratis is about to sync its log up to {@code index}: names in the directory must be durable before an entry counts
     * (hazard R3). On the log's own thread, which must not wait for the log's lock.
     */
    void logSyncing(long index);

    /**
     * Ratis is about to cut its log: the record of what is synced must be lowered before (rule L5).
     *
     * @param first first entry to go
     * @param before the entry before it, null when the log does not have it
     * @return what the log's thread gets after it has made the cut
     */
    CompletableFuture<Void> logTruncating(long first, TermIndex before);

    /** An entry that another node proposed is in the log. Under the log's lock. */
    void appended(long index);

    /** The engine has the entry; or had it already, and Ratis delivered it again after a restart. */
    void applied(LogEntry entry);

    /** This node leads, and everything before its term is applied. */
    void leaderReady();

    /** This node leads no longer. */
    void notLeader();

    /**
     * The leader no longer has the entry that this node needs next.
     *
     * @param firstAvailable first entry of the leader's log
     * @return never completed before this call returns
     */
    CompletableFuture<TermIndex> installRequested(TermIndex firstAvailable);

    /** Applying has ended for good: a page of this node's state is nowhere any more (rule CT6). */
    void givenUp(ColdPageException page);

    /** Ratis has closed the division: on our wish, or because the others no longer count this peer as theirs. */
    void divisionClosed();
}
