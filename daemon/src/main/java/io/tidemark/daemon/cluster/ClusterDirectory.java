package io.tidemark.daemon.cluster;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of a cluster's directory, and what can be seen from outside of it.
 *
 * @param root absolute
 */
public record ClusterDirectory(Path root) {
    /** Name of the embedded S3 endpoint among the processes. */
    public static final String S3 = "s3";

    public ClusterDirectory {
        root = root.toAbsolutePath().normalize();
    }

    public Path clusterFile() {
        return root.resolve("cluster.json");
    }

    /** Optional settings of the daemons. */
    public Path properties() {
        return root.resolve("tidemark.properties");
    }

    public Path node(String name) {
        return root.resolve(name);
    }

    public Path identity(String node) {
        return node(node).resolve("identity.json");
    }

    public Path engine(String node) {
        return node(node).resolve("engine");
    }

    public Path raft(String node) {
        return node(node).resolve("raft");
    }

    /** Copies of log segments, and the tier catalog. */
    public Path segments(String node) {
        return node(node).resolve("segments");
    }

    public Path s3Data() {
        return root.resolve(S3);
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path pid(String process) {
        return run().resolve(process + ".pid");
    }

    public Path lock(String process) {
        return run().resolve(process + ".lock");
    }

    public Path log(String process) {
        return run().resolve(process + ".log");
    }

    public boolean exists() {
        return Files.exists(clusterFile());
    }

    /** The cluster that lives here; says what to do when there is none. */
    public ClusterFile cluster() {
        if (!exists()) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    root + " holds no cluster (no cluster.json). Start one there with 'tidemark up --dir " + root
                            + "', or name another directory with --dir.");
        }
        return ClusterFile.read(clusterFile());
    }

    /** Refuses a directory that holds something else; a missing or empty one is free for a new cluster. */
    public void requireFree() {
        if (exists()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    root + " already holds cluster " + cluster().cluster());
        }
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new TidemarkException(ErrorKind.INVALID, root + " is not a directory; name another with --dir");
        }
        List<String> names = names();
        names.removeIf(name -> name.equals(properties().getFileName().toString()));
        if (!names.isEmpty()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    root + " has no cluster.json but is not empty (" + names.get(0)
                            + (names.size() > 1 ? ", ..." : "") + "): it is not a cluster's directory. Name another"
                            + " with --dir, or empty this one.");
        }
    }

    /** Nodes of the file whose directory or identity is gone. */
    public List<String> lostNodes(ClusterFile cluster) {
        return cluster.nodes().stream()
                .map(NodeAddress::name)
                .filter(name -> !Files.exists(identity(name)))
                .toList();
    }

    private List<String> names() {
        if (!Files.exists(root)) {
            return new java.util.ArrayList<>();
        }
        try (Stream<Path> children = Files.list(root)) {
            return new java.util.ArrayList<>(
                    children.map(p -> p.getFileName().toString()).sorted().toList());
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot list " + root + ": " + e, e);
        }
    }
}
