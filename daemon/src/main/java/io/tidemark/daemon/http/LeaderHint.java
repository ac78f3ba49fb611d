package io.tidemark.daemon.http;

import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpField;

/** Who leads, as a header of every answer; asked of the node a few times a second, not for each. Thread-safe. */
final class LeaderHint {
    private static final long FRESH_NANOS = 50_000_000;

    private final NodeHolder node;
    private final LongSupplier nanoClock;
    private volatile Known known;

    private record Known(NodeService of, long atNanos, HttpField field) {}

    LeaderHint(NodeHolder node, LongSupplier nanoClock) {
        this.node = node;
        this.nanoClock = nanoClock;
    }

    /** Null when no leader is known. */
    HttpField field() {
        NodeService of = node.get();
        long now = nanoClock.getAsLong();
        Known last = known;
        if (last == null || last.of() != of || now - last.atNanos() > FRESH_NANOS) {
            String leader = of.leaderHttp();
            last = new Known(of, now, leader == null ? null : new HttpField(Headers.LEADER, leader));
            known = last;
        }
        return last.field();
    }
}
