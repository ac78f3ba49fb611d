package io.tidemark.shipper.catalog;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.DirectoryRoot.Base;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentPart;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.ObjectStore.Page;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads what the store says about histories. A history sees its ancestors' segments up to each fork. */
public final class HistoryReader {
    /** Smaller segments are read whole: one request instead of two. */
    private static final long RANGE_BYTES_MIN = 256 << 10;

    /** LSNs that one page of manifests goes over, at the least. */
    private static final long FIRST_LEAP = 1_000;

    private final ObjectStore store;

    public HistoryReader(ObjectStore store) {
        this.store = store;
    }

    public ObjectStore store() {
        return store;
    }

    /** Ids of all histories in the store, sorted. */
    public List<String> histories() {
        return store.folders("").stream()
                .filter(id -> store.head(HistoryRecord.key(id)).isPresent())
                .toList();
    }

    /** {@code NOT_FOUND} when there is no such history. */
    public HistoryRecord history(String id) {
        String key = HistoryRecord.key(id);
        byte[] bytes = store.get(key)
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.NOT_FOUND, "there is no history " + id + " here: object " + key + " does not exist"));
        return HistoryRecord.decode(key, bytes);
    }

    /** The history and its ancestors, the eldest first. */
    public List<HistoryRecord> lineage(String id) {
        List<HistoryRecord> line = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Optional<String> next = Optional.of(id); next.isPresent(); ) {
            HistoryRecord record = history(next.get());
            if (!seen.add(record.history())) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "history " + id + " has itself among its ancestors: " + seen);
            }
            line.add(0, record);
            next = record.parentIfAny();
        }
        return line;
    }

    /**
     * The last LSN that the youngest of a line sees of the one at this index; its own it sees to the end. A fork may lie below
     * that of its parent, so the next fork alone does not say it.
     */
    public static long seenThrough(List<HistoryRecord> line, int index) {
        return line.subList(index + 1, line.size()).stream()
                .mapToLong(HistoryRecord::fork)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The manifest that is last in order; empty before the first. */
    public Optional<Manifest> newestManifest(String id) {
        return newestManifest(id, Manifest.folder(id));
    }

    /**
     * The same, looking only at marks from {@code mark} on, so that a listing stays short however old the history is;
     * empty when there is none.
     */
    public Optional<Manifest> newestManifestFrom(String id, long mark) {
        return newestManifest(id, Manifest.before(id, mark));
    }

    private Optional<Manifest> newestManifest(String id, String startAfter) {
        return newestKey(id, startAfter).map(key -> {
            byte[] bytes = store.get(key).orElseThrow(() -> gone(key));
            return Manifest.decode(key, bytes);
        });
    }

    /** Mark of the newest manifest, which is not read; empty before the first. */
    public OptionalLong newestMark(String id) {
        return newestKey(id, Manifest.folder(id))
                .flatMap(Manifest::markOf)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /**
     * Whether no manifest names the segment, nor will: the mark is past its end, and none stands there. What is not in S3
     * then was collected, not lost (rule X3). Takes one request.
     */
    public boolean isAbandoned(SegmentName segment) {
        return pageWithManifest(segment.history(), Manifest.before(segment.history(), segment.last()))
                .objects()
                .stream()
                .flatMap(object -> Manifest.markOf(object.key()).stream())
                .findFirst()
                .filter(mark -> mark > segment.last())
                .isPresent();
    }

    /**
     * There may be a manifest for each second of years, so this leaps over most: ahead, twice as far each time, to where
     * there is none, then back by halves, until a page is the last. What is put meanwhile may be found or not.
     */
    private Optional<String> newestKey(String id, String startAfter) {
        Page page = pageWithManifest(id, startAfter);
        Optional<String> newest = lastManifest(page);
        long leap = FIRST_LEAP;
        long none = Long.MAX_VALUE; // no manifest has this mark or a higher one
        while (newest.isPresent() && page.more()) {
            long mark = Manifest.markOf(newest.get()).orElseThrow();
            long ahead = Math.min(leap, (none - mark) / 2);
            Page there = pageWithManifest(id, ahead == 0 ? page.lastKey() : Manifest.before(id, mark + ahead));
            Optional<String> found = lastManifest(there);
            if (found.isPresent()) {
                newest = found;
                page = there;
                leap = Math.max(leap, 2 * leap); // stays where it is the most
            } else if (ahead > 0) {
                none = mark + ahead;
                leap = Long.MAX_VALUE;
            } else {
                break;
            }
        }
        return newest;
    }

    /** The next page that has a manifest's key; without one it is the last. */
    private Page pageWithManifest(String id, String startAfter) {
        Page page = store.page(Manifest.folder(id), startAfter);
        while (page.more() && lastManifest(page).isEmpty()) {
            page = store.page(Manifest.folder(id), page.lastKey());
        }
        return page;
    }

    private static Optional<String> lastManifest(Page page) {
        for (int i = page.objects().size() - 1; i >= 0; i--) {
            String key = page.objects().get(i).key();
            if (Manifest.markOf(key).isPresent()) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** States below this LSN are given up, as the newest manifest says; {@link Manifest#NO_FLOOR} when everything is kept. */
    public long floor(String id) {
        return newestManifest(id).map(Manifest::floor).orElse(Manifest.NO_FLOOR);
    }

    /** As {@link #newestManifest(String)}; {@code NOT_FOUND} when the state at the LSN was given up, with the floor. */
    public Optional<Manifest> newestManifestKeeping(String id, long lsn, String what) {
        Optional<Manifest> newest = newestManifest(id);
        newest.ifPresent(manifest -> manifest.requireKept(lsn, what));
        return newest;
    }

    /**
     * The newest checkpoint of pages at or below the LSN: the one that the newest manifest names, or one that it goes on
     * from. A history without one has those of its ancestors, up to the fork.
     *
     * @throws TidemarkException {@code NOT_FOUND} or {@code CORRUPT} when the object of a root is lost or damaged; one below
     *     the floor of the history that names it was collected, and ends the way
     */
    public Optional<PageDirectory> checkpoint(String id, long lsn) {
        return locate(id, lsn).map(Located::directory);
    }

    /** A checkpoint as a manifest names it, and the root that it leads to. */
    public record Located(Checkpoint checkpoint, PageDirectory directory) {}

    /** As {@link #checkpoint}. */
    public Optional<Located> locate(String id, long lsn) {
        List<HistoryRecord> line = lineage(id);
        for (int i = line.size() - 1; i >= 0; i--) {
            Optional<Manifest> newest = newestManifest(line.get(i).history());
            if (newest.isPresent() && newest.get().checkpoint().lsn() >= 0) {
                return atOrBelow(newest.get(), Math.min(lsn, seenThrough(line, i)));
            }
        }
        return Optional.empty();
    }

    private Optional<Located> atOrBelow(Manifest newest, long lsn) {
        Checkpoint named = newest.checkpoint();
        Base next = new Base(named.lsn(), named.directory(), named.bytes(), named.sha256());
        while (next.lsn() >= 0) {
            if (next.lsn() < newest.floor() && store.head(next.root()).isEmpty()) {
                return Optional.empty();
            }
            PageDirectory directory = PageDirectory.open(store, next.root(), next.sha256());
            DirectoryRoot root = directory.root();
            if (root.lsn() != next.lsn() || root.base().lsn() >= next.lsn()) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "root " + next.root() + " is not that of a checkpoint at LSN " + next.lsn());
            }
            if (next.lsn() <= lsn) {
                Checkpoint found = new Checkpoint(
                        root.lsn(),
                        root.base().lsn(),
                        root.term(),
                        root.redoChain(),
                        next.root(),
                        next.bytes(),
                        next.sha256());
                return Optional.of(new Located(found, directory));
            }
            next = root.base();
        }
        return Optional.empty();
    }

    /** A segment and the part of it that is wanted: entries {@code from..to} of it. */
    public record Piece(SegmentName segment, long bytes, long from, long to) {}

    /**
     * Segments that together hold every entry of {@code (after, through]}, in order and without overlap.
     *
     * @throws TidemarkException {@code NOT_FOUND}, naming the first LSN that no segment holds
     */
    public List<Piece> covering(String id, long after, long through) {
        List<Piece> pieces = new ArrayList<>();
        List<HistoryRecord> line = lineage(id);
        long position = after;
        for (int i = 0; i < line.size() && position < through; i++) {
            long end = Math.min(through, seenThrough(line, i));
            if (end > position) {
                cover(line.get(i), position, end, pieces);
                position = end;
            }
        }
        return pieces;
    }

    private void cover(HistoryRecord history, long after, long through, List<Piece> pieces) {
        String folder = SegmentName.folder(history.history());
        // cuts mostly fall on shipped marks: look there first, and at the whole folder only if that leaves a gap
        long gap = choose(store.each(folder, folder + SegmentName.padded(after + 1)), after, through, pieces);
        if (gap >= 0) {
            long position = gap - 1;
            gap = choose(store.each(folder, null), position, through, pieces);
        }
        if (gap >= 0) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    "history " + history.history() + " has a gap: no segment holds LSN " + gap + " (wanted "
                            + (after + 1) + " to " + through + ")");
        }
    }

    /**
     * Takes, again and again, the segment that reaches farthest, and lists no further than it must; answers the first LSN
     * left uncovered, or -1.
     */
    private static long choose(Iterable<ObjectInfo> listing, long after, long through, List<Piece> pieces) {
        Iterator<ObjectInfo> listed = listing.iterator();
        long position = after;
        Piece next = nextSegment(listed);
        Piece best = null;
        while (position < through) {
            for (; next != null && next.segment().first() <= position + 1; next = nextSegment(listed)) {
                if (best == null || next.segment().last() > best.segment().last()) {
                    best = next;
                }
            }
            if (best == null || best.segment().last() <= position) {
                return position + 1;
            }
            long to = Math.min(through, best.segment().last());
            pieces.add(new Piece(best.segment(), best.bytes(), position + 1, to));
            position = to;
        }
        return -1;
    }

    /** Nothing of it is wanted yet; null when there is none. */
    private static Piece nextSegment(Iterator<ObjectInfo> listed) {
        while (listed.hasNext()) {
            ObjectInfo object = listed.next();
            Optional<SegmentName> name = SegmentName.parse(object.key());
            if (name.isPresent()) {
                return new Piece(name.get(), object.bytes(), 0, 0);
            }
        }
        return null;
    }

    /** The segment, all its checksums checked; entries and content hash are checked as they are read. */
    public SegmentReader segment(SegmentName name) {
        byte[] bytes = store.get(name.key()).orElseThrow(() -> gone(name.key()));
        return SegmentReader.open(name, bytes);
    }

    /**
     * The segment, or, of a large one of which less than half is wanted, the blocks that hold the piece, by ranges: their
     * checksums are checked, and a content hash is not. Entries before and after the piece may be among them.
     */
    public SegmentReader segment(Piece piece) {
        SegmentName name = piece.segment();
        long all = name.last() - name.first() + 1;
        if (piece.bytes() < RANGE_BYTES_MIN || 2 * (piece.to() - piece.from() + 1) > all) {
            return segment(name);
        }
        return SegmentPart.read(
                name,
                piece.bytes(),
                piece.from(),
                piece.to(),
                (offset, length) -> store.getRange(name.key(), offset, length).orElseThrow(() -> gone(name.key())));
    }

    private static TidemarkException gone(String key) {
        return new TidemarkException(
                ErrorKind.RETRY, "object " + key + " was removed while it was read; another has the same, look again");
    }
}
