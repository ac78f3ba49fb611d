package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directory trees as wholes: removed, copied, compared byte by byte. */
public final class Trees {

    private static final int DIFFERENCES_MAX = 20;

    private Trees() {}

    /** Removes a tree; what does not exist, or goes meanwhile, is removed already: two runs may tidy up after the same third. */
    public static void remove(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    if (e != null && !(e instanceof NoSuchFileException)) {
                        throw e;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + root, e);
        }
    }

    /** Removes a tree; of one that is a file system of its own, what is in it. */
    public static void clear(Path root) {
        try {
            boolean mounted = Files.exists(root)
                    && !Files.getAttribute(root, "unix:dev").equals(Files.getAttribute(root.getParent(), "unix:dev"));
            if (!mounted) {
                remove(root);
                return;
            }
            try (Stream<Path> children = Files.list(root)) {
                children.forEach(Trees::remove);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + root, e);
        }
    }

    /** The sum of all files' lengths; a file that vanishes meanwhile counts for nothing. */
    public static long bytes(Path root) {
        long bytes = 0;
        for (Path file : files(root).values()) {
            bytes += file.toFile().length();
        }
        return bytes;
    }

    /** Copies the regular files directly below a directory; does nothing if it does not exist. */
    public static void copyFiles(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.copy(file, to.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** All regular files by their path relative to the root. Links are not followed. */
    public static Map<String, Path> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            Map<String, Path> files = new TreeMap<>();
            walk.filter(f -> Files.isRegularFile(f, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .forEach(f -> files.put(root.relativize(f).toString(), f));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot walk " + root, e);
        }
    }

    /** In what two trees differ, in words; empty if they hold the same files with the same bytes. */
    public static List<String> differences(Path wanted, Path found) {
        Map<String, Path> left = files(wanted);
        Map<String, Path> right = files(found);
        List<String> differences = new ArrayList<>();
        left.forEach((name, file) -> {
            Path other = right.get(name);
            if (other == null) {
                differences.add("missing: " + name);
            } else if (mismatch(file, other) >= 0) {
                differences.add("differs at byte " + mismatch(file, other) + ": " + name);
            }
        });
        right.keySet().stream().filter(n -> !left.containsKey(n)).forEach(n -> differences.add("too many: " + n));
        return differences.size() <= DIFFERENCES_MAX
                ? differences
                : Stream.concat(
                                differences.stream().limit(DIFFERENCES_MAX),
                                Stream.of("... " + differences.size() + " differences in all"))
                        .toList();
    }

    private static long mismatch(Path a, Path b) {
        try {
            return Files.mismatch(a, b);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
