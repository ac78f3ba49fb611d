package io.tidemark.daemon.remote;

import io.tidemark.daemon.http.RetentionJson;
import io.tidemark.engine.Retention;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What of a living cluster's past is kept, asked and told over its nodes' ports. */
public final class Pins {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Cluster cluster;

    public Pins(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Keeps the state at an LSN; {@code NOT_FOUND} when it is given up, {@code CONFLICT} when the name is taken. */
    public void pin(String name, long lsn) {
        require(cluster.api().put(any(), path(name) + "?lsn=" + lsn, LIMIT).join());
    }

    /** Lets it go; {@code NOT_FOUND} when there is no such pin. */
    public void unpin(String name) {
        require(cluster.api().delete(any(), path(name), LIMIT).join());
    }

    /** As the log says it, at the node that answered first. */
    public Retention retention() {
        NodeApi.Answer answer = cluster.api().get(any(), "/v1/retention").join();
        require(answer);
        return RetentionJson.decode(answer.body());
    }

    private String any() {
        ClusterReport report = cluster.reachable();
        return report.leader().orElse(report.live().get(0)).text("http");
    }

    private static String path(String name) {
        return "/v1/pins/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static void require(NodeApi.Answer answer) {
        if (!answer.isOk()) {
            String kind = answer.body().path("error").asText();
            throw new TidemarkException(known(kind).orElse(ErrorKind.UNAVAILABLE), answer.message());
        }
    }

    private static Optional<ErrorKind> known(String name) {
        for (ErrorKind kind : ErrorKind.values()) {
            if (kind.name().equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
