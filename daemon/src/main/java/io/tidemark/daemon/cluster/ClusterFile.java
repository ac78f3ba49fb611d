package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code cluster.json}: what a cluster is and where its nodes are. Written by {@code up} or {@code restore}, and again when a
 * node is to listen elsewhere.
 *
 * @param cluster UUID, given at formation
 * @param history UUID of the line of truth that it writes, also the id of its Raft group (rule H1)
 * @param nodes at least one, names and addresses distinct
 * @param moved where nodes have listened before, by which the log still knows them; left out of the file while there are none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterFile(
        String cluster,
        String history,
        S3Location s3,
        List<NodeAddress> nodes,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NodeAddress> moved) {

    /** One whose nodes are where they were made. */
    public ClusterFile(String cluster, String history, S3Location s3, List<NodeAddress> nodes) {
        this(cluster, history, s3, nodes, List.of());
    }

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
        moved = moved == null ? List.of() : List.copyOf(moved);
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

    /**
     * The same, with one of its nodes elsewhere; {@code INVALID} where another node has been: the log may know that one by
     * this address still, and whoever looks for it would come to the wrong node.
     */
    public ClusterFile moved(NodeAddress to) {
        NodeAddress before = node(to.name());
        for (NodeAddress left : moved) {
            boolean taken = Stream.of(left.http(), left.raft()).anyMatch(List.of(to.http(), to.raft())::contains);
            if (taken && !left.name().equals(to.name())) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        left.name() + " has listened at " + left.http() + " and " + left.raft()
                                + ", and may still be looked for there; give " + to.name() + " another port");
            }
        }
        List<NodeAddress> now = nodes.stream()
                .map(node -> node.name().equals(to.name()) ? to : node)
                .toList();
        List<NodeAddress> earlier = new ArrayList<>(moved);
        if (!earlier.contains(before)) {
            earlier.add(before);
        }
        return new ClusterFile(cluster, history, s3, now, earlier);
    }

    /** Where the node that has listened at this address, HTTP or Raft, listens now; the address itself of any other. */
    public String now(String address) {
        for (NodeAddress node : nodes) {
            if (address.equals(node.http()) || address.equals(node.raft())) {
                return address;
            }
        }
        for (NodeAddress before : moved) {
            if (address.equals(before.raft())) {
                return node(before.name()).raft();
            }
            if (address.equals(before.http())) {
                return node(before.name()).http();
            }
        }
        return address;
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
