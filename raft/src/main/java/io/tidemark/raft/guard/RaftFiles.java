package io.tidemark.raft.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of one Raft group as Ratis names them: {@code current/log_FIRST-LAST} (closed), {@code
 * current/log_inprogress_FIRST}, {@code current/raft-meta} (term and vote), {@code current/raft-meta.conf}. Ratis' own
 * listing deletes empty files as it goes and is not used on a running log.
 */
public final class RaftFiles {
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");

    private static final long TICK_MILLIS = 20;

    private final Path root;
    private final Path group;
    private final Path current;
    private long synced = -1;

    /** @param root the directory that Ratis is given; one sub-directory per group */
    public RaftFiles(Path root, UUID group) {
        this.root = root;
        this.group = root.resolve(group.toString());
        this.current = this.group.resolve("current");
    }

    /** A closed log file. */
    public record Segment(long first, long last, long bytes, Path path) {}

    public Path root() {
        return root;
    }

    /** Whether Ratis has made its files here. */
    public boolean exist() {
        return Files.exists(metadata());
    }

    /** Where Ratis keeps term and vote. */
    public Path metadata() {
        return current.resolve("raft-meta");
    }

    /** Where Ratis keeps the configuration. */
    public Path configuration() {
        return current.resolve("raft-meta.conf");
    }

    /** Closed log files in order. */
    public List<Segment> closedSegments() {
        List<Segment> segments = new ArrayList<>();
        for (Path path : logFiles()) {
            Matcher closed = CLOSED.matcher(path.getFileName().toString());
            if (closed.matches()) {
                segments.add(new Segment(
                        Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2)), size(path), path));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::first));
        return segments;
    }

    /** The first entry that belongs in a log file, as its name says. */
    static long firstIndexOf(Path path) {
        String name = path.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        Matcher open = OPEN.matcher(name);
        if (!closed.matches() && !open.matches()) {
            throw new IllegalArgumentException(path + " is no file of a Raft log");
        }
        return Long.parseLong(closed.matches() ? closed.group(1) : open.group(1));
    }

    /** First index that a log file begins with; empty when there is no log. An empty open file holds nothing. */
    public OptionalLong firstIndex() {
        OptionalLong first = OptionalLong.empty();
        for (Path path : logFiles()) {
            String name = path.getFileName().toString();
            Matcher closed = CLOSED.matcher(name);
            Matcher open = OPEN.matcher(name);
            long start = -1;
            if (closed.matches()) {
                start = Long.parseLong(closed.group(1));
            } else if (open.matches() && size(path) > 0) {
                start = Long.parseLong(open.group(1));
            }
            if (start >= 0 && (first.isEmpty() || start < first.getAsLong())) {
                first = OptionalLong.of(start);
            }
        }
        return first;
    }

    /** All log files that hold anything, in order of their first entries. */
    List<Path> inOrder() {
        return logFiles().stream()
                .filter(path -> CLOSED.matcher(path.getFileName().toString()).matches()
                        || OPEN.matcher(path.getFileName().toString()).matches() && size(path) > 0)
                .sorted(Comparator.comparingLong(RaftFiles::firstIndexOf))
                .toList();
    }

    /** The last entry that belongs in a closed log file, as its name says; empty for an open one. */
    static OptionalLong lastIndexOf(Path path) {
        Matcher closed = CLOSED.matcher(path.getFileName().toString());
        return closed.matches() ? OptionalLong.of(Long.parseLong(closed.group(2))) : OptionalLong.empty();
    }

    /** Gives a closed log file, which ends at another entry, the name that says so. */
    Path renameToEndAt(Path path, long last) {
        Path to = current.resolve("log_" + firstIndexOf(path) + "-" + last);
        try {
            Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(current);
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot rename " + path + " to " + to, e);
        }
    }

    /** Moves every log file to {@code aside}, durably; term, vote and configuration stay. The log must be closed. */
    public void moveLogAside(Path aside) {
        moveAside(logFiles(), aside);
    }

    /** Moves these to {@code aside}, durably. */
    void moveAside(List<Path> paths, Path aside) {
        if (paths.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(aside);
            for (Path path : paths) {
                Files.move(path, aside.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            syncDirectory(aside);
            syncDirectory(current);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move the log of " + group + " aside to " + aside, e);
        }
    }

    /** Makes the names in the log's directory durable; Ratis syncs files only (hazard R3). */
    public void syncDirectory() throws IOException {
        syncDirectory(current);
    }

    /**
     * {@link #syncDirectory} if a name changed since the last time; costs one look at the directory. A change within the
     * file system's clock tick of an earlier one would not show, so the directory counts as changed for a while.
     */
    public synchronized boolean syncDirectoryIfChanged(long nowMillis) throws IOException {
        long changed = Files.getLastModifiedTime(current).toMillis();
        if (changed == synced) {
            return false;
        }
        syncDirectory(current);
        synced = nowMillis - changed > TICK_MILLIS ? changed : -1;
        return true;
    }

    /** Makes every log file durable as it is: one that a killed process wrote may be in the page cache only. */
    public void sync() {
        try {
            for (Path path : logFiles()) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            if (Files.exists(current)) {
                syncDirectory(current);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot sync the log in " + current, e);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private List<Path> logFiles() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(current, "log_*")) {
            stream.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the log files in " + current, e);
        }
        return files;
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0; // closed and renamed while we looked; the closed name is listed too
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of " + path, e);
        }
    }
}
