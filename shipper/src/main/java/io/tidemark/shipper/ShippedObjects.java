package io.tidemark.shipper;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.Arrays;
import java.util.Optional;

/**
 * Puts segments and manifests so that they are there when a call returns, or are another writer's with the same content
 * (rule X2). What S3 cannot settle is {@code UNAVAILABLE}, to be tried again with the same bytes; two contents under
 * one key cannot be explained and halt. Thread-safe.
 */
final class ShippedObjects {
    private static final int MANIFESTS_PER_MARK_MAX = 16;

    private final ObjectStore store;
    private final Pace pace;
    private final ShipperMetrics metrics;
    private final Halt halt;

    ShippedObjects(ObjectStore store, Pace pace, ShipperMetrics metrics, Halt halt) {
        this.store = store;
        this.pace = pace;
        this.metrics = metrics;
        this.halt = halt;
    }

    /** Makes sure that the history is known in S3 as this cluster knows it. */
    void putHistory(HistoryRecord record) {
        if (store.get(record.key()).isEmpty()) {
            switch (store.putIfAbsent(record.key(), record.encode())) {
                case CREATED, ALREADY_OURS -> {
                    return;
                }
                case UNKNOWN -> throw unclear(record.key());
                case FENCED -> {
                    // another leader was quicker; its record is compared below
                }
            }
        }
        HistoryRecord found = HistoryRecord.decode(record.key(), read(record.key()));
        if (!found.says(record)) {
            throw new TidemarkException(
                    ErrorKind.CONFLICT,
                    "S3 holds another history under " + record.key() + ": " + found.describe() + ", this cluster's is "
                            + record.describe() + "; give this cluster a prefix of its own");
        }
    }

    /** Puts the segment and looks at it; answers the object as it is there. */
    Manifest.Segment putSegment(SealedSegment sealed) {
        String key = sealed.name().key();
        Manifest.Segment ours = new Manifest.Segment(
                key, sealed.name().first(), sealed.name().last(), sealed.bytes().length, sealed.sha256Hex());
        Manifest.Segment there = switch (store.putIfAbsent(key, sealed.bytes())) {
            case CREATED -> {
                metrics.segment(sealed.bytes().length);
                yield ours;
            }
            case ALREADY_OURS -> ours;
            case FENCED -> adopt(sealed);
            case UNKNOWN -> throw unclear(key);
        };
        check(there);
        return there;
    }

    /** Another writer has this key: its object is as good if it holds the same entries (rule CT8). */
    private Manifest.Segment adopt(SealedSegment sealed) {
        String key = sealed.name().key();
        byte[] bytes = read(key);
        SegmentReader found = SegmentReader.open(sealed.name(), bytes).verify();
        if (!Arrays.equals(found.footer().contentHash(), sealed.footer().contentHash())) {
            throw halt.halt(
                    "two contents of one history: segment " + key + " in S3 has content hash "
                            + found.footer().contentHashHex() + ", this node's log gives "
                            + sealed.footer().contentHashHex() + " (rule X2)",
                    null);
        }
        long own = sealed.footer().position().redoChain();
        if (found.footer().position().redoChain() != own) {
            metrics.chainsDiffer(
                    sealed.name().last(), own, found.footer().position().redoChain());
        }
        metrics.adopted.inc();
        return new Manifest.Segment(
                key, sealed.name().first(), sealed.name().last(), bytes.length, Hashes.sha256Hex(bytes));
    }

    /** The object is there with length and hash as named; else {@code UNAVAILABLE}. */
    void check(Manifest.Segment segment) {
        ObjectInfo found = store.head(segment.key()).orElse(null);
        boolean asNamed = found != null
                && found.bytes() == segment.bytes()
                && (found.sha256() == null || found.sha256().equals(segment.sha256()));
        if (!asNamed) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "S3 does not show what was put: expected " + segment + ", found " + found);
        }
    }

    /**
     * Puts the manifest that names the segment, or finds one there that says the same of the log.
     *
     * @param checkpoint the newest that the log knows
     * @param floor that the log knows
     * @return the floor that the manifest there says
     */
    long putManifest(String history, Manifest.Segment segment, Position position, Checkpoint checkpoint, long floor) {
        for (int n = 0; n < MANIFESTS_PER_MARK_MAX; n++) {
            Manifest ours = manifest(history, n, segment, position, checkpoint, floor);
            switch (store.putIfAbsent(ours.key(), ours.encode())) {
                case CREATED, ALREADY_OURS -> {
                    metrics.manifests.inc();
                    return floor;
                }
                case UNKNOWN -> throw unclear(ours.key());
                case FENCED -> {
                    Optional<Manifest> theirs = sayingTheSame(ours);
                    if (theirs.isPresent()) {
                        return theirs.get().floor();
                    }
                    // the one there is damaged: the next number is newer and wins
                }
            }
        }
        throw new TidemarkException(
                ErrorKind.CORRUPT, MANIFESTS_PER_MARK_MAX + " damaged manifests of mark " + segment.last());
    }

    private Manifest manifest(
            String history, int n, Manifest.Segment segment, Position position, Checkpoint newest, long floor) {
        return new Manifest(history, segment.last(), n, position, segment, newest, floor, pace.wallMillis());
    }

    /**
     * Makes the newest manifest of the mark say this checkpoint, which is in S3 whole and lies at or below the mark, and this
     * floor (rule X2).
     *
     * @param segment the one that moved the mark
     */
    void name(String history, Manifest.Segment segment, Position position, Checkpoint checkpoint, long floor) {
        for (int n = 1; n < MANIFESTS_PER_MARK_MAX; n++) {
            Manifest ours = manifest(history, n, segment, position, checkpoint, floor);
            switch (store.putIfAbsent(ours.key(), ours.encode())) {
                case CREATED, ALREADY_OURS -> {
                    metrics.manifests.inc();
                    return;
                }
                case UNKNOWN -> throw unclear(ours.key());
                case FENCED -> {
                    if (names(ours)) {
                        return;
                    }
                    // an earlier leader's, which named another and did not announce it: the next number wins
                }
            }
        }
        throw new TidemarkException(
                ErrorKind.UNAVAILABLE,
                "mark " + segment.last() + " has " + MANIFESTS_PER_MARK_MAX
                        + " manifests: checkpoint and floor are named with the next mark");
    }

    /** Whether the manifest that is there is an earlier try of ours, and the newest. */
    private boolean names(Manifest ours) {
        try {
            Manifest found = Manifest.decode(ours.key(), read(ours.key()));
            return found.checkpoint().equals(ours.checkpoint()) && found.floor() == ours.floor();
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.CORRUPT) {
                metrics.damaged(e.getMessage());
                return false;
            }
            throw e;
        }
    }

    /** The manifest that is there; empty when it is damaged. */
    private Optional<Manifest> sayingTheSame(Manifest ours) {
        Manifest found;
        try {
            found = Manifest.decode(ours.key(), read(ours.key()));
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.CORRUPT) {
                metrics.damaged(e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
        Position theirs = found.position();
        boolean sameLog = theirs.terms().equals(ours.position().terms())
                && theirs.configurationLsn() == ours.position().configurationLsn()
                && Arrays.equals(theirs.configuration(), ours.position().configuration());
        if (!sameLog) {
            throw halt.halt(
                    "two logs of one history: manifest " + ours.key() + " in S3 says " + found + ", this node's log "
                            + ours + " (rule X2)",
                    null);
        }
        if (theirs.redoChain() != ours.position().redoChain()) {
            metrics.chainsDiffer(ours.mark(), ours.position().redoChain(), theirs.redoChain());
        }
        metrics.adopted.inc();
        return Optional.of(found);
    }

    private byte[] read(String key) {
        return store.get(key)
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.UNAVAILABLE, "S3 said that " + key + " exists and does not show it"));
    }

    private static TidemarkException unclear(String key) {
        return new TidemarkException(
                ErrorKind.UNAVAILABLE, "S3 gave no clear answer to the put of " + key + "; it is tried again");
    }
}
