package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code cluster.json}: what a cluster is and where its nodes are. Written once, by {@code up} or {@code restore}.
 *
 * @param cluster UUID, given at formation
 * @param history UUID of the line of truth that it writes, also the id of its Raft group (rule H1)
 * @param nodes at least one, names and addresses distinct
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterFile(String cluster, String history, S3Location s3, List<NodeAddress> nodes) {

    public ClusterFile {
        Uuids.check("cluster", cluster);
        Uuids.check("history", history);
        if (s3 == null) {
            throw new TidemarkException(ErrorKind.INVALID, "s3 is missing");
        }
        if (nodes == null || nodes.isEmpty()) {
            throw new TidemarkException(ErrorKind.INVALID, "nodes is missing or empty");
        }
        nodes = List.copyOf(nodes);
        Set<String> seen = new HashSet<>();
        for (NodeAddress node : nodes) {
            for (String unique : List.of(node.name(), node.http(), node.raft())) {
                if (!seen.add(unique)) {
                    throw new TidemarkException(ErrorKind.INVALID, "'" + unique + "' appears twice among the nodes");
                }
            }
        }
    }

    public static ClusterFile read(Path file) {
        return JsonFile.read(file, ClusterFile.class);
    }

    public void write(Path file) {
        JsonFile.write(file, this);
    }

    /** The node of this name; {@code INVALID} lists the names there are. */
    public NodeAddress node(String name) {
        for (NodeAddress node : nodes) {
            if (node.name().equals(name)) {
                return node;
            }
        }
        List<String> names = nodes.stream().map(NodeAddress::name).toList();
        throw new TidemarkException(
                ErrorKind.INVALID, "no node is called '" + name + "'; the nodes are " + String.join(", ", names));
    }
}
