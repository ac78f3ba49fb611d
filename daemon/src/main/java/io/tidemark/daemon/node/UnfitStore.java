package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a node's files aside that it must not go on with, in the directory {@code unfit} among them: evidence for whoever
 * wants to know what happened, and a way back. There is one at a time; the next takes the place of the one before. A crash
 * on the way is made up for by {@link #complete}.
 */
final class UnfitStore {
    private static final String REASON = "why.txt";

    private final Path disk;
    private final Path unfit;

    /** @param disk the node's directory */
    UnfitStore(Path disk) {
        this.disk = disk;
        this.unfit = disk.resolve("unfit");
    }

    Path path() {
        return unfit;
    }

    /** Moves everything of the node's here, identity first: from then on the node has no past. */
    void setAside(String why) {
        try {
            remove(unfit);
            Files.createDirectory(unfit);
            Path reason = Files.writeString(unfit.resolve(REASON), why + "\n", StandardCharsets.UTF_8);
            sync(reason);
            sync(unfit);
            move(disk.resolve("identity.json"));
            sync(disk);
            moveRest();
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot set the files of " + disk + " aside: " + e.getMessage(), e);
        }
    }

    /** Moves what a crash has left of a node that was being set aside; nothing else. */
    void complete() {
        try {
            if (Files.exists(unfit.resolve(REASON)) && Files.exists(unfit.resolve("identity.json"))) {
                moveRest();
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot set the files of " + disk + " aside: " + e.getMessage(), e);
        }
    }

    private void moveRest() throws IOException {
        for (Path child : children()) {
            if (!child.equals(unfit)) {
                move(child);
            }
        }
        sync(unfit);
        sync(disk);
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> children = Files.list(disk)) {
            return children.sorted().toList();
        }
    }

    private void move(Path child) throws IOException {
        Path to = unfit.resolve(child.getFileName());
        if (!Files.exists(to)) {
            Files.move(child, to);
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
