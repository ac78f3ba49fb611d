package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** This node does not lead, so it did nothing. */
public final class LeaderElsewhere extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final String http;

    /** @param http the leader's {@code host:port}, null when none is known */
    public LeaderElsewhere(String http) {
        super(
                ErrorKind.RETRY,
                http == null
                        ? "the cluster has no leader that this node knows of; ask again in a moment"
                        : "this node does not lead; ask the leader at " + http);
        this.http = http;
    }

    /** Null when no leader is known. */
    public String http() {
        return http;
    }
}
