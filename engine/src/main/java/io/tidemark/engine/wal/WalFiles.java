package io.tidemark.engine.wal;

import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a log, oldest first; the last is appended to. A file stays open until it is synced whole. Thread-safe;
 * callers of {@link #sync} and {@link #dropOldest} keep those two apart.
 */
final class WalFiles {
    private static final class Segment {
        final long firstLsn;
        final Path path;
        DiskFile open;

        Segment(long firstLsn, Path path) {
            this.firstLsn = firstLsn;
            this.path = path;
        }
    }

    private final Disk disk;
    private final Path directory;
    private final List<Segment> segments = new ArrayList<>();
    private boolean namesChanged;

    WalFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Takes over what recovery left, all of it synced. */
    synchronized void adopt(List<Long> firstLsns) throws IOException {
        for (long firstLsn : firstLsns) {
            segments.add(new Segment(firstLsn, path(firstLsn)));
        }
        if (!segments.isEmpty()) {
            Segment last = last();
            last.open = disk.open(last.path);
        }
    }

    /** A new, empty last file. */
    synchronized DiskFile begin(long firstLsn) throws IOException {
        Segment segment = new Segment(firstLsn, path(firstLsn));
        segment.open = disk.open(segment.path);
        if (segment.open.size() > 0) {
            throw new IOException(segment.path + " is to be a new file but holds " + segment.open.size() + " bytes");
        }
        segments.add(segment);
        namesChanged = true;
        return segment.open;
    }

    /** Syncs what is in the files now, in their order, then the names. */
    void sync() throws IOException {
        List<Segment> dirty = new ArrayList<>();
        Segment last;
        boolean names;
        synchronized (this) {
            for (Segment segment : segments) {
                if (segment.open != null) {
                    dirty.add(segment);
                }
            }
            last = last();
            names = namesChanged;
            namesChanged = false;
        }
        for (Segment segment : dirty) {
            segment.open.sync();
        }
        if (names) {
            disk.syncDirectory(directory);
        }
        for (Segment segment : dirty) {
            // The one that was last may have grown since: it stays open and is synced again.
            if (segment != last) {
                closeSynced(segment);
            }
        }
    }

    private synchronized void closeSynced(Segment segment) throws IOException {
        segment.open.close();
        segment.open = null;
    }

    /** Removes the oldest file, durably, so that a crash never leaves a hole between files. */
    void dropOldest() throws IOException {
        Segment oldest;
        synchronized (this) {
            oldest = segments.remove(0);
            if (oldest.open != null) {
                oldest.open.close();
            }
        }
        disk.delete(oldest.path);
        disk.syncDirectory(directory);
    }

    synchronized int count() {
        return segments.size();
    }

    synchronized long oldestFirstLsn() {
        return segments.get(0).firstLsn;
    }

    synchronized long secondFirstLsn() {
        return segments.get(1).firstLsn;
    }

    synchronized DiskFile current() {
        return last().open;
    }

    synchronized long currentFirstLsn() {
        return last().firstLsn;
    }

    synchronized void close() throws IOException {
        for (Segment segment : segments) {
            if (segment.open != null) {
                segment.open.close();
            }
        }
        segments.clear();
    }

    private Segment last() {
        return segments.get(segments.size() - 1);
    }

    private Path path(long firstLsn) {
        return directory.resolve(WalFormat.fileName(firstLsn));
    }
}
