package io.tidemark.shipper;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.PutOutcome;
import java.util.List;
import java.util.Optional;

/**
 * The log segments of one history in an object store, for whoever keeps or copies histories without a node. Thread-safe, as
 * the store is; blocking. Retries, pools and time-outs are the store's ({@code S3Options}).
 *
 * <pre>{@code
 * try (ObjectStore store = S3ObjectStore.open(options, metrics)) {
 *     SegmentStore segments = new SegmentStore(store, history);
 *     segments.healthCheck();
 *     for (SegmentName name : segments.listSegments()) {
 *         byte[] bytes = segments.getSegment(name).orElseThrow();
 *     }
 * }
 * }</pre>
 */
public final class SegmentStore {
    private final ObjectStore store;
    private final String history;

    /** @param store stays open */
    public SegmentStore(ObjectStore store, String history) {
        this.store = store;
        this.history = history;
    }

    /**
     * Puts a segment, if its key is free. Every byte of it is checked first: what is no segment of this name is never put.
     *
     * @return {@code CREATED}; {@code ALREADY_OURS} when these very bytes are there; {@code FENCED} when the key has others,
     *     which say the same in another compression, or are another's; {@code UNKNOWN} when S3 does not say, ask again
     * @throws TidemarkException {@code INVALID} for a segment of another history, {@code CORRUPT} for bytes that are none
     */
    public PutOutcome putSegment(SegmentName name, byte[] bytes) {
        requireOwn(name);
        SegmentReader.open(name, bytes).verify();
        return store.putIfAbsent(name.key(), bytes);
    }

    /** As {@link #putSegment(SegmentName, byte[])}. */
    public PutOutcome putSegment(SealedSegment segment) {
        return putSegment(segment.name(), segment.bytes());
    }

    /**
     * The bytes of a segment, every checksum checked; empty when it is not there.
     *
     * @throws TidemarkException {@code CORRUPT} for a damaged one, {@code UNAVAILABLE} when S3 is away
     */
    public Optional<byte[]> getSegment(SegmentName name) {
        requireOwn(name);
        Optional<byte[]> bytes = store.get(name.key());
        bytes.ifPresent(found -> SegmentReader.open(name, found).verify());
        return bytes;
    }

    /** Removes a segment, whatever else needs it; no error when it is not there, so it may be repeated. */
    public void deleteSegment(SegmentName name) {
        requireOwn(name);
        store.delete(name.key());
    }

    /** Names of all segments in order, all pages of the listing; what has no segment's name is left out. */
    public List<SegmentName> listSegments() {
        return store.list(SegmentName.folder(history), null).stream()
                .map(ObjectInfo::key)
                .flatMap(key -> SegmentName.parse(key).stream())
                .toList();
    }

    /**
     * Asks the store for one object that nobody has, and so whether it answers, knows the bucket and lets us read.
     *
     * @throws TidemarkException with what is wrong
     */
    public void healthCheck() {
        store.head(history + "/health");
    }

    private void requireOwn(SegmentName name) {
        if (!name.history().equals(history)) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "segment " + name + " is of another history than " + history);
        }
    }
}
