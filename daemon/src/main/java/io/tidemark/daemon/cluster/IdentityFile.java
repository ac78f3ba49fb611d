package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code identity.json}: whose disk a node's directory is. Where it is absent the node has no past and must be taken in
 * by the others as a new incarnation (rule L4); it is never made up.
 *
 * @param group UUID of the Raft group
 * @param incarnation from 1, never the same twice for a name
 * @param peers the members as this node knew them when the file was written
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record IdentityFile(
        String cluster, String history, String group, String node, int incarnation, List<Peer> peers) {

    /** A member of the group: {@code id} is NAME-INCARNATION. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Peer(String id, String http, String raft) {
        public Peer {
            if (id == null || id.isBlank()) {
                throw new TidemarkException(ErrorKind.INVALID, "a peer has no id");
            }
            HostPort.parse(http);
            HostPort.parse(raft);
        }
    }

    public IdentityFile {
        Uuids.check("cluster", cluster);
        Uuids.check("history", history);
        Uuids.check("group", group);
        if (node == null || node.isBlank()) {
            throw new TidemarkException(ErrorKind.INVALID, "node is missing");
        }
        if (incarnation < 1) {
            throw new TidemarkException(ErrorKind.INVALID, "incarnation is at least 1, not " + incarnation);
        }
        if (peers == null) {
            throw new TidemarkException(ErrorKind.INVALID, "peers is missing");
        }
        peers = List.copyOf(peers);
    }

    /** Identity of a founder: every node of the file in its first incarnation. */
    public static IdentityFile founder(ClusterFile cluster, String node) {
        List<Peer> peers = cluster.nodes().stream()
                .map(n -> new Peer(peerId(n.name(), 1), n.http(), n.raft()))
                .toList();
        return new IdentityFile(cluster.cluster(), cluster.history(), cluster.history(), node, 1, peers);
    }

    public static String peerId(String node, int incarnation) {
        return node + "-" + incarnation;
    }

    public String peerId() {
        return peerId(node, incarnation);
    }

    /** Reads the file and refuses that of another cluster, history or node, by name. */
    public static IdentityFile read(Path file, ClusterFile cluster, String node) {
        IdentityFile found = JsonFile.read(file, IdentityFile.class);
        requireSame(file, "cluster", cluster.cluster(), found.cluster());
        requireSame(file, "history", cluster.history(), found.history());
        requireSame(file, "node", node, found.node());
        return found;
    }

    /** Reads the file of a directory that is no longer a cluster's. */
    public static IdentityFile read(Path file) {
        if (!Files.exists(file)) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "there is no " + file + ": name the directory of a node, as it was");
        }
        return JsonFile.read(file, IdentityFile.class);
    }

    public void write(Path file) {
        JsonFile.write(file, this);
    }

    private static void requireSame(Path file, String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    file + " belongs to " + what + " " + found + ", but cluster.json says " + expected
                            + ": this is another cluster's directory. Put the right directory in its place, or move it"
                            + " away and the node will join as a new incarnation.");
        }
    }
}
