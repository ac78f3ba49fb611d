package io.tidemark.daemon.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.HostPort;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A cluster to talk to, known from its directory or from a list of addresses. */
public final class Cluster {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterFile file;
    private final ClusterDirectory directory;
    private final List<String> endpoints;
    private final NodeApi api = new NodeApi();

    private Cluster(ClusterFile file, ClusterDirectory directory, List<String> endpoints) {
        this.file = file;
        this.directory = directory;
        this.endpoints = List.copyOf(endpoints);
    }

    public static Cluster of(ClusterDirectory directory) {
        ClusterFile file = directory.cluster();
        return new Cluster(
                file, directory, file.nodes().stream().map(NodeAddress::http).toList());
    }

    public static Cluster of(List<HostPort> endpoints) {
        return new Cluster(
                null, null, endpoints.stream().map(HostPort::toString).toList());
    }

    public NodeApi api() {
        return api;
    }

    /** HTTP addresses, HOST:PORT. */
    public List<String> endpoints() {
        return endpoints;
    }

    /** The cluster's file; empty when only addresses were given. */
    public Optional<ClusterFile> file() {
        return Optional.ofNullable(file);
    }

    /** Asks all nodes at once. */
    public ClusterReport report() {
        List<CompletableFuture<Optional<NodeReport>>> asked =
                endpoints.stream().map(api::status).toList();
        List<NodeReport> nodes = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            nodes.add(asked.get(i).join().filter(belongs()).orElse(down(i)));
        }
        return new ClusterReport(cluster(nodes), s3(nodes), nodes);
    }

    /** As {@link #report()}, but at least one node must answer. */
    public ClusterReport reachable() {
        ClusterReport report = report();
        if (report.live().isEmpty()) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "no node answers at " + String.join(", ", endpoints)
                            + (directory == null
                                    ? ""
                                    : "; start the cluster with 'tidemark up --dir " + directory.root() + "'"));
        }
        return report;
    }

    /** A stranger that took the port of a dead node is not that node. */
    private java.util.function.Predicate<NodeReport> belongs() {
        return report -> file == null || file.cluster().equals(report.text("cluster"));
    }

    private NodeReport down(int index) {
        if (file == null) {
            return NodeReport.down(endpoints.get(index), endpoints.get(index), null);
        }
        NodeAddress node = file.nodes().get(index);
        return NodeReport.down(
                node.name(), node.http(), directory.node(node.name()).toString());
    }

    private String cluster(List<NodeReport> nodes) {
        if (file != null) {
            return file.cluster();
        }
        List<String> ids = nodes.stream()
                .map(n -> n.text("cluster"))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (ids.size() > 1) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "these endpoints belong to different clusters: " + String.join(", ", ids));
        }
        return ids.isEmpty() ? null : ids.get(0);
    }

    private JsonNode s3(List<NodeReport> nodes) {
        ObjectNode s3 = JSON.createObjectNode();
        if (file != null) {
            s3.put("endpoint", file.s3().endpoint());
            s3.put("bucket", file.s3().bucket()).put("prefix", file.s3().prefix());
            return s3;
        }
        for (NodeReport node : nodes) {
            JsonNode said = node.body().path("s3");
            if (said.isObject()) {
                s3.set("endpoint", said.path("endpoint"));
                s3.set("bucket", said.path("bucket"));
                s3.set("prefix", said.path("prefix"));
                return s3;
            }
        }
        return null;
    }
}
