package io.tidemark.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which node to ask next. The leader that a daemon named comes first; a node that failed is left alone for a moment,
 * unless all did. Thread-safe.
 */
final class Endpoints {
    private static final long REST_NANOS = 1_000_000_000L;

    private final List<String> configured;
    private final Map<String, Long> failedAt = new HashMap<>();
    private String preferred;
    private String trouble = "";
    private int turn;

    Endpoints(List<String> configured) {
        this.configured = configured;
    }

    List<String> configured() {
        return configured;
    }

    synchronized String pick(long nowNanos) {
        if (preferred != null && isRested(preferred, nowNanos)) {
            return preferred;
        }
        for (int i = 0; i < configured.size(); i++) {
            String next = configured.get(Math.floorMod(turn + i, configured.size()));
            if (isRested(next, nowNanos)) {
                turn += i;
                return next;
            }
        }
        return configured.get(Math.floorMod(turn++, configured.size()));
    }

    /** True when some node has not failed of late: a retry need not wait. */
    synchronized boolean anyRested(long nowNanos) {
        return configured.stream().anyMatch(e -> isRested(e, nowNanos));
    }

    /** {@code leader} is what {@code endpoint} named, or null. */
    synchronized void answered(String endpoint, String leader) {
        failedAt.remove(endpoint);
        trouble = "";
        if (leader != null) {
            preferred = leader;
        }
    }

    synchronized void failed(String endpoint, long nowNanos, String why) {
        failedAt.put(endpoint, nowNanos);
        trouble = why;
        if (endpoint.equals(preferred)) {
            preferred = null;
        }
        turn++;
    }

    /** What went wrong last, empty when the last answer was a good one. */
    synchronized String trouble() {
        return trouble;
    }

    private boolean isRested(String endpoint, long nowNanos) {
        Long at = failedAt.get(endpoint);
        return at == null || nowNanos - at > REST_NANOS;
    }
}
