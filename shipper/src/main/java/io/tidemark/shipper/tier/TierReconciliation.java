package io.tidemark.shipper.tier;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the catalog and the files agree, before anybody uses either. A row decides: a file of which it says that it is not
 * there was on its way in or out when the process ended, and goes. A row without its file, or with one of another length,
 * becomes COLD. A file that no row speaks of was written last, or the catalog was lost: it is taken in if it is whole.
 */
final class TierReconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(TierReconciliation.class);

    private final SegmentFiles files;
    private final TierLedger ledger;
    private final TierPolicy policy;
    private final long nowMillis;

    TierReconciliation(SegmentFiles files, TierLedger ledger, TierPolicy policy, long nowMillis) {
        this.files = files;
        this.ledger = ledger;
        this.policy = policy;
        this.nowMillis = nowMillis;
    }

    void run() throws IOException {
        Set<SegmentName> there = new HashSet<>(files.open());
        List<SegmentRow> changed = new ArrayList<>();
        List<SegmentRow> local = new ArrayList<>();
        ledger.forEach(row -> {
            if (row.local()) {
                local.add(row);
            }
        });
        for (SegmentRow row : local) {
            if (!there.remove(row.name())) {
                changed.add(row.lost());
            } else if (files.size(row.name()) != row.bytes()) {
                files.delete(row.name());
                changed.add(row.lost());
            }
        }
        long room = policy.options().cacheBytes() - ledger.localBytes();
        for (SegmentName name : there) {
            Optional<SegmentRow> row = ledger.row(name).isPresent() ? Optional.empty() : takenIn(name);
            long size = row.map(r -> SegmentFiles.bytesOnDisk(r.bytes())).orElse(0L);
            if (row.isEmpty() || size > room) {
                files.delete(name);
            } else {
                room -= size;
                changed.add(row.get());
            }
        }
        ledger.commitAll(changed);
        if (!changed.isEmpty()) {
            LOG.info("{} segments were not where the tier catalog said", changed.size());
        }
    }

    /** Its row, if every byte of it is right. */
    private Optional<SegmentRow> takenIn(SegmentName name) throws IOException {
        Optional<byte[]> bytes = files.read(name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            SegmentReader.open(name, bytes.get()).verify();
        } catch (TidemarkException e) {
            LOG.info("a copy that was not finished goes: {}", e.getMessage());
            return Optional.empty();
        }
        long size = bytes.get().length;
        return Optional.of(SegmentRow.inS3(name, size, nowMillis).kept(size, Hashes.sha256Hex(bytes.get()), nowMillis));
    }
}
