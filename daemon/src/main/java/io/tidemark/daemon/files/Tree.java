package io.tidemark.daemon.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Walks a directory, following links. Holds the names of one directory per level in memory. */
final class Tree {
    private final Path root;
    private final Deque<Object> above = new ArrayDeque<>();

    Tree(Path root) {
        this.root = root;
    }

    private record Child(byte[] name, Path path) {}

    /** Hands out everything below the root. An {@link IOException} of a visitor's file is the visitor's to report. */
    void walk(TreeVisitor visitor) throws IOException {
        above.clear();
        directory(root, new byte[0], Files.readAttributes(root, BasicFileAttributes.class), visitor);
    }

    private void directory(Path directory, byte[] key, BasicFileAttributes attributes, TreeVisitor visitor) {
        Object identity = attributes.fileKey();
        if (identity != null && above.contains(identity)) {
            visitor.skipped(key, directory, "a link back to a directory above it");
            return;
        }
        List<Child> children;
        try {
            children = children(directory);
        } catch (IOException e) {
            visitor.unreadable(key, directory, why(e));
            return;
        }
        if (children.isEmpty() && key.length > 0) {
            byte[] marked = Arrays.copyOf(key, key.length + 1);
            marked[key.length] = '/';
            visitor.emptyDirectory(marked, directory);
            return;
        }
        above.push(identity == null ? directory : identity);
        for (Child child : children) {
            visit(child.path(), KeyPath.join(key, child.name()), visitor);
        }
        above.pop();
    }

    private void visit(Path path, byte[] key, TreeVisitor visitor) {
        boolean link = Files.isSymbolicLink(path);
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            visitor.skipped(key, path, link ? "a link to nothing" : "it vanished");
            return;
        } catch (IOException e) {
            if (link) {
                visitor.skipped(key, path, "a link that leads nowhere: " + why(e));
            } else {
                visitor.unreadable(key, path, why(e));
            }
            return;
        }
        if (attributes.isDirectory()) {
            directory(path, key, attributes, visitor);
        } else if (!attributes.isRegularFile()) {
            visitor.skipped(key, path, "neither a file nor a directory");
        } else if (!Files.isReadable(path)) {
            visitor.unreadable(key, path, "permission denied");
        } else {
            visitor.file(key, path, attributes.size(), link);
        }
    }

    private static List<Child> children(Path directory) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path path : stream) {
                children.add(new Child(KeyPath.name(path), path));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        children.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
        return children;
    }

    static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
