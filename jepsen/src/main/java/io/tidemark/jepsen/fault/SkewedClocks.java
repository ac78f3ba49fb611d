package io.tidemark.jepsen.fault;

import io.tidemark.jepsen.cluster.Hosts;
import io.tidemark.jepsen.cluster.Links;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock for each node that can be set and made to drift while the node runs, by libfaketime: every process that is
 * started on the node's host looks into the node's file once a second. Monotonic clocks, which the system does not let
 * jump, stay right.
 */
public final class SkewedClocks implements Hosts {

    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";
    private static final String RIGHT = "+0";

    private final Hosts hosts;
    private final Path directory;
    private final Path library;

    private SkewedClocks(Hosts hosts, Path directory, Path library) {
        this.hosts = hosts;
        this.directory = directory;
        this.library = library;
    }

    /**
     * All clocks right; empty if this machine has no libfaketime.
     *
     * @param hosts are the caller's to close
     * @param directory for a small file of each node
     */
    public static Optional<SkewedClocks> on(Hosts hosts, Path directory) {
        Optional<Path> library = library();
        library.ifPresent(found -> hosts.names().forEach(node -> set(directory, node, RIGHT)));
        return library.map(found -> new SkewedClocks(hosts, directory, found));
    }

    /** Debian has it below the directory of its architecture, others below lib64. */
    private static Optional<Path> library() {
        for (Path root : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"))) {
            try (Stream<Path> folders = Files.exists(root) ? Files.list(root) : Stream.of()) {
                Optional<Path> found = Stream.concat(Stream.of(root), folders)
                        .map(folder -> folder.resolve(LIBRARY))
                        .filter(Files::exists)
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot look for libfaketime in " + root, e);
            }
        }
        return Optional.empty();
    }

    /** The clock shows this many seconds more than the true one from now on. */
    public void jump(String node, long seconds) {
        set(directory, node, String.format("%+d", seconds));
    }

    /** From now on the clock runs at this multiple of the true speed, from where the true one is. */
    public void drift(String node, double speed) {
        set(directory, node, RIGHT + " x" + speed);
    }

    /** The clock is right again. */
    public void right(String node) {
        set(directory, node, RIGHT);
    }

    private static void set(Path directory, String node, String offset) {
        Path file = file(directory, node);
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, offset + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set the clock of " + node, e);
        }
    }

    private static Path file(Path directory, String node) {
        return directory.resolve("clock-" + node);
    }

    @Override
    public List<String> enter(String node) {
        List<String> command = new ArrayList<>(hosts.enter(node));
        command.addAll(List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file(directory, node),
                "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1"));
        return command;
    }

    @Override
    public List<String> names() {
        return hosts.names();
    }

    @Override
    public String description() {
        return hosts.description() + ", each with a clock of its own";
    }

    @Override
    public String address(String node) {
        return hosts.address(node);
    }

    @Override
    public String gateway() {
        return hosts.gateway();
    }

    @Override
    public int port(int number) {
        return hosts.port(number);
    }

    @Override
    public Links links() {
        return hosts.links();
    }

    /** Closes nothing: the hosts are the caller's. */
    @Override
    public void close() {
        // files go with their directory
    }
}
