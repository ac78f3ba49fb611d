package io.tidemark.shipper.catalog;

import io.tidemark.shipper.catalog.LogObjects.Ended;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Segments and manifests of one history, in order of the LSN at which they end, from the two listings side by side: a
 * manifest comes together with the segment that it names. Of a history of any length it holds two pages, and the segments
 * that overlap where it stands. What is put or removed meanwhile may be among them or not. Used by one thread.
 */
public final class LogObjects implements Iterator<Ended> {
    /**
     * All that ends at one LSN.
     *
     * @param segments whose last entry it is
     * @param manifests whose mark it is
     */
    public record Ended(long lsn, List<Segment> segments, List<ObjectInfo> manifests) {}

    /** A segment as it is listed. */
    public record Segment(SegmentName name, ObjectInfo object) {}

    private final Iterator<ObjectInfo> listedSegments;
    private final Iterator<ObjectInfo> listedManifests;

    /** Begun at or below where this stands, by their ends. */
    private final PriorityQueue<Segment> begun = new PriorityQueue<>(
            Comparator.comparingLong(segment -> segment.name().last()));

    private Segment segment;
    private ObjectInfo manifest;

    public LogObjects(ObjectStore store, String history) {
        this.listedSegments = store.each(SegmentName.folder(history), null).iterator();
        this.listedManifests = store.each(Manifest.folder(history), null).iterator();
        this.segment = nextSegment();
        this.manifest = nextManifest();
    }

    private Segment nextSegment() {
        while (listedSegments.hasNext()) {
            ObjectInfo object = listedSegments.next();
            Optional<SegmentName> name = SegmentName.parse(object.key());
            if (name.isPresent()) {
                return new Segment(name.get(), object);
            }
        }
        return null;
    }

    private ObjectInfo nextManifest() {
        while (listedManifests.hasNext()) {
            ObjectInfo object = listedManifests.next();
            if (Manifest.markOf(object.key()).isPresent()) {
                return object;
            }
        }
        return null;
    }

    private static long mark(ObjectInfo manifest) {
        return Manifest.markOf(manifest.key()).orElseThrow();
    }

    /** Segments in memory that the end of is not reached yet. */
    int held() {
        return begun.size();
    }

    @Override
    public boolean hasNext() {
        return segment != null || manifest != null || !begun.isEmpty();
    }

    @Override
    public Ended next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all of the history was handed out");
        }
        // listed by their beginnings: what comes later in the listing ends later than it begins
        while (segment != null && segment.name().first() <= nextEnd()) {
            begun.add(segment);
            segment = nextSegment();
        }
        Ended ended = new Ended(nextEnd(), new ArrayList<>(), new ArrayList<>());
        while (!begun.isEmpty() && begun.peek().name().last() == ended.lsn()) {
            ended.segments().add(begun.poll());
        }
        while (manifest != null && mark(manifest) == ended.lsn()) {
            ended.manifests().add(manifest);
            manifest = nextManifest();
        }
        return ended;
    }

    private long nextEnd() {
        long ofSegment = begun.isEmpty() ? Long.MAX_VALUE : begun.peek().name().last();
        return manifest == null ? ofSegment : Math.min(ofSegment, mark(manifest));
    }
}
