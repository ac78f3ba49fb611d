package io.tidemark.raft.node;

import java.util.OptionalLong;

/** Asks another member for its redo chain (rule C1). Blocking, bounded by the implementation's own time-out. */
@FunctionalInterface
public interface PeerChains {
    /** A cluster in which nobody answers: nothing is ever compared. */
    PeerChains NONE = (http, lsn) -> OptionalLong.empty();

    /**
     * @param http host:port of the member
     * @return its chain after {@code lsn}; empty when it does not know it or does not answer
     */
    OptionalLong chainAt(String http, long lsn);
}
