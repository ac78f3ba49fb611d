package io.tidemark.jepsen.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log segments of one history, as they lie in the data directory of the trial S3 endpoint: an opinion on what S3 holds
 * that owes nothing to any node.
 */
public final class ShippedObjects {

    private static final Pattern SEGMENT = Pattern.compile("([0-9]{20})-([0-9]{20})\\.seg");
    private static final Pattern MANIFEST = Pattern.compile("([0-9]{20})-([0-9]+)\\.json");

    private final Path data;
    private final String history;

    /**
     * @param data the endpoint's data directory, any depth above the history
     * @param history the history's id
     */
    public ShippedObjects(Path data, String history) {
        this.data = data;
        this.history = history;
    }

    /** A log segment. */
    public record Segment(long first, long last, long bytes) {}

    /** All segments in order of their first LSN; of equal ones the longest. */
    public List<Segment> segments() {
        TreeMap<Long, Segment> found = new TreeMap<>();
        for (File file : files("log")) {
            Matcher name = SEGMENT.matcher(file.getName());
            if (name.matches()) {
                Segment segment =
                        new Segment(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), file.length());
                found.merge(segment.first(), segment, (a, b) -> a.last() >= b.last() ? a : b);
            }
        }
        return List.copyOf(found.values());
    }

    /** The greatest LSN such that every entry from the history's first on is in a segment; −1 if there is none. */
    public long coveredThrough() {
        long covered = Long.MIN_VALUE;
        for (Segment segment : segments()) {
            if (covered != Long.MIN_VALUE && segment.first() > covered + 1) {
                return covered;
            }
            covered = Math.max(covered, segment.last());
        }
        return covered == Long.MIN_VALUE ? -1 : covered;
    }

    /** The mark of the newest manifest; −1 if there is none. */
    public long newestManifest() {
        long newest = -1;
        for (File file : files("manifest")) {
            Matcher name = MANIFEST.matcher(file.getName());
            if (name.matches()) {
                newest = Math.max(newest, Long.parseLong(name.group(1)));
            }
        }
        return newest;
    }

    private List<File> files(String folder) {
        List<File> found = new ArrayList<>();
        collect(data.toFile(), folder, false, found);
        return found;
    }

    /** Walks with {@link File#listFiles}, which answers null for what vanished meanwhile. */
    private void collect(File directory, String folder, boolean inHistory, List<File> found) {
        File[] children = directory.listFiles();
        if (children == null) {
            return;
        }
        for (File child : children) {
            if (child.isDirectory()) {
                collect(child, folder, inHistory || child.getName().equals(history), found);
            } else if (inHistory && directory.getName().equals(folder)) {
                found.add(child);
            }
        }
    }
}
