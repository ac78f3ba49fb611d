package io.tidemark.raft;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** The request needs the leader, and this node is not it. Nothing happened; ask the leader named here. */
public final class NotLeaderException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final String leader;
    private final String leaderHttp;

    /**
     * @param leader name of the leader, null when none is known
     * @param leaderHttp its host:port, null when none is known
     */
    public NotLeaderException(String self, String leader, String leaderHttp) {
        super(
                ErrorKind.RETRY,
                leader == null
                        ? "node " + self + " is not the leader and knows none yet: try again"
                        : "node " + self + " is not the leader: ask " + leader + " at " + leaderHttp);
        this.leader = leader;
        this.leaderHttp = leaderHttp;
    }

    /** Name of the leader, null when none is known. */
    public String leader() {
        return leader;
    }

    /** The leader's host:port, null when none is known. */
    public String leaderHttp() {
        return leaderHttp;
    }
}
