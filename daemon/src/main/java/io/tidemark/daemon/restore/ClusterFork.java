package io.tidemark.daemon.restore;

import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.daemon.remote.Pins;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.RestoreReport;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forks a living cluster: pins the LSN there by an entry of its log, so that its floor stops at it (rule CT6); makes the
 * second cluster as a restore does, whose record in S3 comes before its look at the floor (rule X3); then lets the pin go,
 * for that record holds what it needs from then on.
 */
public final class ClusterFork {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterFork.class);
    private static final int WAIT_MILLIS = 3_000;
    private static final int WAITS_MAX = 10;

    private final Cluster living;
    private final Pins pins;
    private final Supplier<UUID> ids;

    /** @param ids never the same twice */
    public ClusterFork(Cluster living, Pins pins, Supplier<UUID> ids) {
        this.living = living;
        this.pins = pins;
        this.ids = ids;
    }

    /**
     * Forks.
     *
     * @param history of the living cluster
     * @param restore makes the second cluster's directory, with ids from the supplier that it is given
     * @throws TidemarkException {@code NOT_FOUND} when the state is given up, {@code UNAVAILABLE} when S3 does not have it
     */
    public RestoreReport run(String history, long lsn, Function<Supplier<UUID>, RestoreReport> restore) {
        UUID child = ids.get();
        String pin = "fork-" + child;
        pins.pin(pin, lsn);
        try {
            awaitShipped(lsn);
            boolean[] given = new boolean[1];
            return restore.apply(() -> {
                UUID next = given[0] ? ids.get() : child;
                given[0] = true;
                return next;
            });
        } finally {
            release(pin, history);
        }
    }

    private void awaitShipped(long lsn) {
        for (int wait = 0; wait < WAITS_MAX; wait++) {
            ClusterReport report = living.reachable();
            NodeApi.Answer answer = living.api()
                    .get(
                            report.leader().orElse(report.live().get(0)).text("http"),
                            "/v1/shipped?at-least=" + lsn + "&wait-millis=" + WAIT_MILLIS)
                    .join();
            if (answer.body().path("reached").asBoolean()) {
                return;
            }
        }
        throw new TidemarkException(
                ErrorKind.UNAVAILABLE, "S3 does not have LSN " + lsn + " yet; 'tidemark status' shows how far it is");
    }

    private void release(String pin, String history) {
        try {
            pins.unpin(pin);
        } catch (TidemarkException e) {
            LOG.warn("history {} stays pinned; let it go by 'tidemark unpin {}': {}", history, pin, e.getMessage());
        }
    }
}
