package io.tidemark.raft.node;

import java.util.OptionalLong;

/** Asks another member what time it has (rule E7). Blocking, bounded by the implementation's own time-out. */
@FunctionalInterface
public interface PeerClocks {
    /** A cluster in which nobody answers: nothing ever expires, unless a node is alone. */
    PeerClocks NONE = http -> OptionalLong.empty();

    /**
     * @param http host:port of the member
     * @return its wall clock, milliseconds since 1970; empty when it does not answer
     */
    OptionalLong clockMillis(String http);
}
