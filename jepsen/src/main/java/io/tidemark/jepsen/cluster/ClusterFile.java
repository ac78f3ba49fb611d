package io.tidemark.jepsen.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The part of {@code cluster.json} that a test needs. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterFile(String cluster, String history, S3 s3, List<Node> nodes) {

    /** Where the log is shipped to. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record S3(String endpoint, String bucket, String prefix, boolean embedded) {}

    /** A node's name and addresses. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Node(String name, String http, String raft) {}

    /** Reads the file of a cluster directory. */
    public static ClusterFile read(Path directory) {
        try {
            return new ObjectMapper()
                    .readValue(directory.resolve("cluster.json").toFile(), ClusterFile.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the cluster file of " + directory, e);
        }
    }

    /** The HTTP address of a node. */
    public String http(String name) {
        return nodes.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + name + " among " + nodes))
                .http();
    }

    /** All names in the file's order. */
    public List<String> names() {
        return nodes.stream().map(Node::name).toList();
    }
}
