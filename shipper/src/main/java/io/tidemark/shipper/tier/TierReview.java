package io.tidemark.shipper.tier;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.tier.SegmentTiers.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all segments: who belongs elsewhere goes there. What fails for one segment is noted and left for the next
 * look; the others are not kept from their places by it.
 */
final class TierReview {
    private static final Logger LOG = LoggerFactory.getLogger(TierReview.class);

    /** Where one copy must go, so much more goes, as a part of the cache: not each new one looks for a place. */
    private static final int SLACK_PART = 10;

    private final SegmentTiers tiers;
    private final TierLedger ledger;
    private final TierPolicy policy;
    private final SegmentListing listing;
    private final Pace pace;

    TierReview(SegmentTiers tiers, TierLedger ledger, TierPolicy policy, ObjectStore s3, String history, Pace pace) {
        this.tiers = tiers;
        this.ledger = ledger;
        this.policy = policy;
        this.listing = new SegmentListing(tiers, ledger, s3, history, pace);
        this.pace = pace;
    }

    TierReport run() {
        List<String> failures = new ArrayList<>();
        TierStats before = tiers.stats();
        flush();
        Wishes wishes = review();
        long found = 0;
        try {
            found = learn(failures);
            leave(wishes.toGo, failures);
            if (!makeRoom(0) && tiers.stats().localBytes() > 0) {
                failures.add("copies take more than they may, and none may go");
            }
            come(wishes.toCome, failures);
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            failures.add("S3 is away, and no copy comes or goes: " + e.getMessage());
        }
        TierStats after = tiers.stats();
        failures.forEach(failure -> LOG.warn("tiers: {}", failure));
        return new TierReport(
                found, after.promotions() - before.promotions(), after.demotions() - before.demotions(), failures);
    }

    private long learn(List<String> failures) {
        try {
            long found = refresh();
            listing.forgetBelowFloor();
            return found;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE) {
                throw e;
            }
            failures.add("new segments are not known yet: " + e.getMessage());
            return 0;
        }
    }

    private void leave(List<SegmentName> names, List<String> failures) {
        for (SegmentName name : names) {
            if (tiers.release(name, row -> policy.tier(row, pace.wallMillis()) == Tier.COLD) == Release.NOT_IN_S3) {
                failures.add("segment " + name + " stays on this node: " + SegmentTiers.NOT_IN_S3);
            }
        }
    }

    private void come(List<SegmentName> names, List<String> failures) {
        for (SegmentName name : names) {
            try {
                if (!tiers.promote(name)) {
                    failures.add("segment " + name + " belongs on this node's disk, and there is no room for it");
                }
            } catch (TidemarkException e) {
                if (e.kind() == ErrorKind.UNAVAILABLE) {
                    throw e;
                }
                failures.add(e.getMessage()); // lost or damaged in S3
            }
        }
    }

    /** Segments whose copies are to be made, or to go. */
    private record Wishes(List<SegmentName> toCome, List<SegmentName> toGo) {}

    /** Moves those whose copies stay where they are. */
    private Wishes review() {
        Wishes wishes = new Wishes(new ArrayList<>(), new ArrayList<>());
        List<SegmentName> moved = new ArrayList<>();
        long now = pace.wallMillis();
        ledger.forEach(row -> {
            SegmentRow next = policy.reviewed(row, now);
            Tier wanted = policy.tier(next, now);
            if (!next.equals(row)) {
                moved.add(row.name());
            }
            if (row.local() && wanted == Tier.COLD) {
                wishes.toGo.add(row.name());
            } else if (!row.local() && wanted == Tier.HOT) {
                wishes.toCome.add(row.name());
            }
        });
        tiers.changeAll(moved, row -> policy.reviewed(row, now));
        return wishes;
    }

    /** See {@link SegmentListing}. */
    long refresh() {
        return listing.refresh();
    }

    /** Writes the reads that were noted; a segment that is read is as near as its copy. */
    void flush() {
        List<SegmentName> read = ledger.unwritten();
        if (!read.isEmpty()) {
            long now = pace.wallMillis();
            tiers.changeAll(read, row -> policy.reviewed(row, now));
        }
    }

    /**
     * Lets copies go, those that nobody has read for longest first, until one of so many bytes has room on the disk and in
     * the cache. Those that are kept by hand stay.
     *
     * @return whether there is room now
     */
    boolean makeRoom(long bytes) {
        long cache = policy.options().cacheBytes();
        long size = SegmentFiles.bytesOnDisk(bytes);
        if (size > cache) {
            return false;
        }
        long wanted = Math.max(ledger.localBytes() + size - cache, tiers.shortOfBytes() + size);
        if (wanted <= 0) {
            return true;
        }
        flush();
        List<SegmentRow> leastRecent = leastRecent();
        if (bytesOnDisk(leastRecent) < wanted) {
            return false; // nobody makes way for what has no room all the same
        }
        long freed = 0;
        try {
            for (SegmentRow row : leastRecent) {
                if (freed >= wanted + cache / SLACK_PART) {
                    break;
                }
                freed += letGo(row);
            }
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            LOG.warn("no copy can make way for another: {}", e.getMessage());
        }
        return freed >= wanted;
    }

    private long letGo(SegmentRow row) {
        Predicate<SegmentRow> stillToGo =
                now -> !policy.isKept(now, pace.wallMillis()) && now.accessMillis() == row.accessMillis();
        Release end = tiers.release(row.name(), stillToGo);
        if (end == Release.NOT_IN_S3) {
            LOG.error("segment {} stays on this node: {}", row.name(), SegmentTiers.NOT_IN_S3);
        }
        return end == Release.GONE ? SegmentFiles.bytesOnDisk(row.bytes()) : 0;
    }

    private static long bytesOnDisk(List<SegmentRow> rows) {
        return rows.stream()
                .mapToLong(row -> SegmentFiles.bytesOnDisk(row.bytes()))
                .sum();
    }

    private List<SegmentRow> leastRecent() {
        List<SegmentRow> rows = new ArrayList<>();
        long now = pace.wallMillis();
        ledger.forEach(row -> {
            if (row.local() && !policy.isKept(row, now)) {
                rows.add(row);
            }
        });
        rows.sort(Comparator.comparingLong(SegmentRow::touchedMillis)
                .thenComparing(row -> row.name().key()));
        return rows;
    }
}
