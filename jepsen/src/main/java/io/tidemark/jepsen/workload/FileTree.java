package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A tree of files worth loading: as many real files as the machine offers, and always some that are hard: empty, binary,
 * several MiB, odd names, deep paths.
 */
public final class FileTree {

    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final int MIB = 1 << 20;

    /** Where machines that build Java keep many small real files. */
    private static final List<String> SOURCES =
            List.of("/usr/share/doc", "/usr/lib/python3", "/usr/share/perl", "/usr/share/zoneinfo", "/etc");

    private FileTree() {}

    /**
     * Makes a tree.
     *
     * @param root must not exist
     * @param filesMin how many files it has at least
     * @param bytesMax real files are taken until the tree has about this size
     * @param seed of names and contents of the generated files
     * @return how many files there are
     */
    public static int make(Path root, int filesMin, long bytesMax, long seed) {
        try {
            Files.createDirectories(root);
            Budget budget = new Budget(filesMin, bytesMax);
            copyRealFiles(root.resolve("real"), budget);
            generate(root.resolve("made"), Math.max(budget.filesLeft, 50), new Random(seed));
            return Trees.files(root).size();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a tree at " + root, e);
        }
    }

    private static final class Budget {
        int filesLeft;
        long bytesLeft;

        Budget(int files, long bytes) {
            filesLeft = files;
            bytesLeft = bytes;
        }
    }

    private static void copyRealFiles(Path root, Budget budget) throws IOException {
        for (String source : SOURCES) {
            Path from = Path.of(source);
            if (Files.isDirectory(from)) {
                copy(from.toFile(), root.resolve(source.substring(1)), budget);
            }
        }
    }

    /** Copies what can be read and is not too large; what cannot be read is somebody's secret and not needed. */
    private static void copy(java.io.File from, Path to, Budget budget) throws IOException {
        java.io.File[] children = from.listFiles();
        if (children == null) {
            return;
        }
        java.util.Arrays.sort(children);
        for (java.io.File child : children) {
            if (budget.filesLeft <= 0 || budget.bytesLeft <= 0) {
                return;
            }
            Path path = child.toPath();
            if (Files.isSymbolicLink(path) || !Files.isReadable(path)) {
                continue;
            }
            if (child.isDirectory()) {
                copy(child, to.resolve(child.getName()), budget);
            } else if (child.isFile() && child.length() <= FILE_BYTES_MAX) {
                Files.createDirectories(to);
                Files.copy(path, to.resolve(child.getName()));
                budget.filesLeft--;
                budget.bytesLeft -= child.length();
            }
        }
    }

    private static void generate(Path root, int files, Random random) throws IOException {
        write(root.resolve("empty"), new byte[0]);
        write(root.resolve("a name with spaces"), "spaces\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        write(root.resolve("-dash"), new byte[] {1});
        write(root.resolve(".hidden"), new byte[] {0});
        write(root.resolve("percent%20plus+and&question?hash#"), new byte[] {2});
        write(root.resolve("quote'double\"back\\slash"), new byte[] {3});
        write(root.resolve("sm\u00f8rrebr\u00f8d-\u65e5\u672c\u8a9e"), new byte[] {4});
        write(root.resolve("d/".repeat(40) + "deep"), new byte[] {5});
        write(root.resolve("n".repeat(250)), new byte[] {6});
        write(root.resolve("crlf.txt"), new byte[] {13, 10, 13, 10});
        for (int mib : new int[] {1, 3, 7}) {
            write(root.resolve("large-" + mib + "-MiB.bin"), bytes(random, mib * MIB + random.nextInt(1000)));
        }
        for (int i = 0; i < files; i++) {
            int size = random.nextInt(20) == 0 ? 16_000 + random.nextInt(40_000) : random.nextInt(4_000);
            write(root.resolve("dir-" + i % 37 + "/file-" + i + ".bin"), bytes(random, size));
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
