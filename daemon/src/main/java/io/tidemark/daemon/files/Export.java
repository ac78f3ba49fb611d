package io.tidemark.daemon.files;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes records as files below one directory and nowhere else: every step of a path is checked to be a real directory
 * below the root, and no link is followed. Pages of records are in memory one at a time.
 */
public final class Export {
    private static final int DIRECTORIES_REMEMBERED = 4096;

    private final Path root;
    private final boolean replace;
    private final LoadProgress progress;
    private final Refusals refused = new Refusals();
    private final Map<String, Path> made = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Path> eldest) {
            return size() > DIRECTORIES_REMEMBERED;
        }
    };
    private long written;
    private long bytes;
    private long emptyDirectories;

    /**
     * @param root made when absent
     * @param replace accept a root with files in it and write over those of equal name
     */
    public Export(Path root, boolean replace, LoadProgress progress) {
        this.root = root.toAbsolutePath().normalize();
        this.replace = replace;
        this.progress = progress;
    }

    public ExportReport run(Reads reads) throws IOException {
        prepare();
        long firstLsn = -1;
        long lastLsn = -1;
        byte[] from = null;
        do {
            Reads.Page page = reads.page(from);
            firstLsn = firstLsn < 0 ? page.lsn() : firstLsn;
            lastLsn = page.lsn();
            for (Reads.Item item : page.items()) {
                write(item.key(), item.value());
                progress.at(written, bytes, -1, -1);
            }
            from = page.next();
        } while (from != null);
        return new ExportReport(written, bytes, emptyDirectories, firstLsn, lastLsn, refused);
    }

    private void prepare() throws IOException {
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw new TidemarkException(ErrorKind.INVALID, root + " is not a directory", e);
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
            if (children.iterator().hasNext() && !replace) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        root + " is not empty; name an empty directory, or write into this one with --force");
            }
        }
    }

    private void write(byte[] key, byte[] value) throws IOException {
        Optional<String> whyNoPath = KeyPath.whyNoPath(key);
        if (whyNoPath.isPresent()) {
            refuse(key, whyNoPath.get());
            return;
        }
        boolean directory = key[key.length - 1] == '/';
        if (directory && value.length > 0) {
            refuse(key, "it ends with a slash, as a directory does, but has a value");
            return;
        }
        List<byte[]> names = KeyPath.names(key);
        int parents = directory ? names.size() : names.size() - 1;
        try {
            Path parent = directory(names.subList(0, parents));
            if (directory) {
                emptyDirectories++;
            } else {
                file(KeyPath.child(parent, names.get(parents)), value);
            }
        } catch (Blocked e) {
            refuse(key, e.getMessage());
        }
    }

    private void file(Path file, byte[] value) throws IOException, Blocked {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Blocked("'" + root.relativize(file) + "' is a directory, because other keys begin with it");
        }
        if (Files.isSymbolicLink(file)) {
            throw new Blocked("'" + file + "' is a symbolic link; remove it first");
        }
        OpenOption[] create = {
            StandardOpenOption.WRITE,
            replace ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS
        };
        try (OutputStream out = Files.newOutputStream(file, create)) {
            out.write(value);
        } catch (FileAlreadyExistsException e) {
            throw new Blocked("'" + file + "' is there already");
        }
        written++;
        bytes += value.length;
    }

    private Path directory(List<byte[]> names) throws IOException, Blocked {
        Path at = root;
        byte[] key = new byte[0];
        for (byte[] name : names) {
            key = KeyPath.join(key, name);
            String remembered = new String(key, StandardCharsets.ISO_8859_1);
            Path known = made.get(remembered);
            if (known == null) {
                known = step(KeyPath.child(at, name));
                made.put(remembered, known);
            }
            at = known;
        }
        return at;
    }

    private Path step(Path directory) throws IOException, Blocked {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return directory;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            String what = Files.isSymbolicLink(directory) ? "a symbolic link" : "a file, because that is a key too";
            throw new Blocked("'" + root.relativize(directory) + "' is " + what);
        }
        return Files.createDirectory(directory);
    }

    private void refuse(byte[] key, String why) {
        refused.add("key '" + KeyDisplay.show(key) + "'", why);
    }

    /** This one key cannot be a file here; the others can. */
    private static final class Blocked extends Exception {
        private static final long serialVersionUID = 1L;

        Blocked(String why) {
            super(why);
        }
    }
}
