package io.tidemark.raft.batch;

import io.tidemark.raft.machine.Proposal;

/** Puts an entry into the leader's log. */
@FunctionalInterface
public interface EntryProposer {
    /**
     * Returns when the entry is queued in order, or refused; its {@link Proposal#replies()} complete when it is applied,
     * or fail.
     */
    void propose(Proposal proposal);
}
