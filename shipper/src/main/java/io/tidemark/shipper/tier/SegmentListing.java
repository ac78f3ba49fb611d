package io.tidemark.shipper.tier;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes segments known that other nodes have shipped, by listing: the first time all that this history and its ancestors
 * have, later what begins where the last listing ended. That is enough: who leads next cuts at or above the beginning of
 * any segment that was ever put.
 */
final class SegmentListing {
    private static final int ROWS_PER_COMMIT = 1_000;

    private final SegmentTiers tiers;
    private final TierLedger ledger;
    private final ObjectStore s3;
    private final HistoryReader reader;
    private final String history;
    private final Pace pace;

    SegmentListing(SegmentTiers tiers, TierLedger ledger, ObjectStore s3, String history, Pace pace) {
        this.tiers = tiers;
        this.ledger = ledger;
        this.s3 = s3;
        this.reader = new HistoryReader(s3);
        this.history = history;
        this.pace = pace;
    }

    /** How many were not known before. */
    long refresh() {
        long from = ledger.state().listedFrom();
        String folder = SegmentName.folder(history);
        long found = 0;
        if (from < 0) {
            if (!hasBegun()) {
                return 0;
            }
            found += ancestors();
        }
        long[] last = {-1};
        found += add(
                s3.each(folder, from < 0 ? null : folder + SegmentName.padded(from)),
                Long.MAX_VALUE,
                name -> last[0] = Math.max(last[0], name.first()));
        if (last[0] >= 0) {
            ledger.commit(List.of(), List.of(), state -> state.listed(last[0]));
        }
        return found;
    }

    private boolean hasBegun() {
        return s3.head(HistoryRecord.key(history)).isPresent();
    }

    private long ancestors() {
        List<HistoryRecord> line = reader.lineage(history);
        long found = 0;
        for (int i = 0; i < line.size() - 1; i++) {
            String folder = SegmentName.folder(line.get(i).history());
            found += add(s3.each(folder, null), HistoryReader.seenThrough(line, i), name -> {});
        }
        return found;
    }

    /** Adds those that begin at or below {@code through}, and tells all that have the name of a segment. */
    private long add(Iterable<ObjectInfo> listed, long through, Consumer<SegmentName> seen) {
        List<SegmentRow> rows = new ArrayList<>();
        long found = 0;
        for (ObjectInfo object : listed) {
            Optional<SegmentName> name = SegmentName.parse(object.key());
            if (name.isEmpty() || name.get().first() > through) {
                continue;
            }
            seen.accept(name.get());
            rows.add(SegmentRow.inS3(name.get(), object.bytes(), pace.wallMillis()));
            if (rows.size() == ROWS_PER_COMMIT) {
                found += tiers.addUnknown(rows);
                rows.clear();
            }
        }
        return found + tiers.addUnknown(rows);
    }

    /** What lies at or below the floor of the newest manifest may be gone from S3, and nobody asks for it. */
    void forgetBelowFloor() {
        Optional<Manifest> newest;
        try {
            // the mark is one below the beginning of some segment, or above all
            newest = reader.newestManifestFrom(history, ledger.state().listedFrom() - 1);
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.CORRUPT) {
                return; // others say so; here it only keeps rows that nobody needs
            }
            throw e;
        }
        long floor = newest.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
        List<SegmentName> below = new ArrayList<>();
        if (floor >= 0) {
            ledger.forEach(row -> {
                if (row.name().history().equals(history) && row.name().last() <= floor) {
                    below.add(row.name());
                }
            });
        }
        below.forEach(tiers::forget);
    }
}
