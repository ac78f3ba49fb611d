package io.tidemark.jepsen.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes down a new cluster on given hosts, as {@code up} does for three nodes on loopback: an identity for each founder,
 * and {@code cluster.json} last. {@code start NODE} then does the rest, on each host.
 */
final class Founding {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Files so small that runs of seconds see them full, rolled over and let go of, and outages that outlast all patience. */
    private static final List<String> SMALL =
            List.of("wal-file-bytes=1MiB", "segment-bytes=256KiB", "s3-attempt-millis=2000", "s3-deadline-millis=4000");

    private final Path directory;
    private final Hosts hosts;

    Founding(Path directory, Hosts hosts) {
        this.directory = directory;
        this.hosts = hosts;
    }

    /**
     * Writes the files. The cluster gets new ids; its objects go to {@code s3}.
     *
     * @param settings of its nodes, beside those of {@link #SMALL}
     */
    void write(ClusterFile.S3 s3, Map<String, String> settings) {
        List<ClusterFile.Node> nodes = new ArrayList<>();
        for (String name : hosts.names()) {
            String address = hosts.address(name) + ":";
            nodes.add(new ClusterFile.Node(
                    name, address + hosts.port(2 * nodes.size()), address + hosts.port(2 * nodes.size() + 1)));
        }
        String history = UUID.randomUUID().toString();
        ClusterFile file = new ClusterFile(UUID.randomUUID().toString(), history, s3, nodes);
        write(directory.resolve("tidemark.properties"), settings);
        nodes.forEach(node -> write(directory.resolve(node.name()).resolve("identity.json"), identity(file, node)));
        write(directory.resolve("cluster.json"), file);
    }

    private static void write(Path properties, Map<String, String> settings) {
        List<String> lines = new ArrayList<>(SMALL);
        settings.forEach((setting, value) -> lines.add(setting + "=" + value));
        try {
            Files.createDirectories(properties.getParent());
            Files.write(properties, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + properties, e);
        }
    }

    private static Map<String, Object> identity(ClusterFile file, ClusterFile.Node node) {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("cluster", file.cluster());
        identity.put("history", file.history());
        identity.put("group", file.history());
        identity.put("node", node.name());
        identity.put("incarnation", 1);
        identity.put(
                "peers",
                file.nodes().stream()
                        .map(peer -> Map.of("id", peer.name() + "-1", "http", peer.http(), "raft", peer.raft()))
                        .toList());
        return identity;
    }

    private static void write(Path file, Object value) {
        try {
            Files.createDirectories(file.getParent());
            JSON.writeValue(file.toFile(), value);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
