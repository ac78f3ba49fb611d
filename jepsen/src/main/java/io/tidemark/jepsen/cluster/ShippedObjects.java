package io.tidemark.jepsen.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log segments of one history, as they lie in the data directory of the trial S3 endpoint: an opinion on what S3 holds
 * that owes nothing to any node.
 */
public final class ShippedObjects {

    private static final Pattern SEGMENT = Pattern.compile("([0-9]{20})-([0-9]{20})\\.seg");
    private static final Pattern MANIFEST = Pattern.compile("[0-9]{20}-[0-9]{20}\\.json");

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

    /** All segments of this history in order of their first LSN; of those with equal ones the longest. */
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

    /**
     * The greatest LSN such that every entry up to it is in a segment of this history or, up to where this one forked, of
     * its ancestors, or below the {@link #floor}; -1 if there is none.
     */
    public long coveredThrough() {
        long covered = Math.max(ancestors(), floor());
        for (Segment segment : segments()) {
            if (segment.first() > covered + 1) {
                return covered;
            }
            covered = Math.max(covered, segment.last());
        }
        return covered;
    }

    /** How far the parent covers what this history begins with; -1 for the first history. */
    private long ancestors() {
        for (File file : files(history)) {
            if (file.getName().equals("history.json")) {
                JsonNode origin = read(file);
                String parent = origin.path("parent").asText("");
                if (!parent.isEmpty()) {
                    return Math.min(origin.path("fork").asLong(), new ShippedObjects(data, parent).coveredThrough());
                }
            }
        }
        return -1;
    }

    private static JsonNode read(File file) {
        try {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The mark of the newest manifest; -1 if there is none. */
    public long newestManifest() {
        return newest().map(file -> mark(file.getName())).orElse(-1L);
    }

    /** States below this LSN are given up, the newest manifest says; -1 if none are. */
    public long floor() {
        return newestContent().path("floor").asLong(-1);
    }

    /** The LSN of the checkpoint that the newest manifest names; -1 if there is none. */
    public long checkpoint() {
        return newestContent().path("checkpoint").path("lsn").asLong(-1);
    }

    private JsonNode newestContent() {
        Optional<File> newest = newest();
        while (newest.isPresent()) {
            try {
                return new ObjectMapper().readTree(newest.get());
            } catch (FileNotFoundException e) {
                newest = newest(); // it was collected meanwhile, so there is a newer one
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + newest.get(), e);
            }
        }
        return MissingNode.getInstance();
    }

    /** By mark, then by the number behind it, both of which names hold with the same number of digits. */
    private Optional<File> newest() {
        return files("manifest").stream()
                .filter(file -> MANIFEST.matcher(file.getName()).matches())
                .max(Comparator.comparing(File::getName));
    }

    private static long mark(String manifest) {
        return Long.parseLong(manifest.substring(0, manifest.indexOf('-')));
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
