package io.tidemark.shipper.tier;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.SimulatedTierCatalog;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.PutOutcome;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One node's tiers over simulated disk, catalog, S3 and time. */
public final class TierRig {
    public static final String HISTORY = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
    public static final Path DIRECTORY = Path.of("/n1/segments");
    public static final long HOUR = TimeUnit.HOURS.toMillis(1);

    public final SimulatedObjectStore s3 = new SimulatedObjectStore();
    public final ManualPace pace = new ManualPace();
    public final TierOptions options;
    public final Map<SegmentName, byte[]> put = new HashMap<>();
    public MetricRegistry metrics = new MetricRegistry();
    public SimulatedDisk disk;
    public SegmentTiers tiers;

    TierRig(SimulatedDisk disk, TierOptions options) {
        this.disk = disk;
        this.options = options;
        HistoryRecord record = new HistoryRecord(HISTORY, "", -1, HISTORY, 1);
        s3.putIfAbsent(record.key(), record.encode());
        open();
    }

    /** With room for so many copies of {@link #segment}, and the standard times. */
    public static TierRig withCopies(int copies) {
        return new TierRig(new SimulatedDisk(), options(copies));
    }

    static TierOptions options(int copies) {
        TierOptions standard = TierOptions.defaults();
        return new TierOptions(
                copies * SegmentFiles.BLOCK_BYTES,
                standard.warmMillis(),
                standard.coldMillis(),
                standard.checkMillis(),
                standard.hotReads(),
                standard.hotReadsPerHour(),
                0);
    }

    void open() {
        metrics = new MetricRegistry();
        tiers = new SegmentTiers(
                disk,
                DIRECTORY,
                new SimulatedTierCatalog(disk, DIRECTORY.resolve("catalog")),
                s3,
                HISTORY,
                options,
                pace,
                metrics);
    }

    public void reopen() {
        tiers.close();
        open();
    }

    /** Segment number {@code n} of this history, less than a block of the disk. */
    public static SealedSegment segment(int n) {
        byte[] value = new byte[1_500];
        new Random(n).nextBytes(value);
        return Entries.segment(
                HISTORY, n, Entries.put(10L * n, 1, "key", value), Entries.put(10L * n + 1, 1, "k", value));
    }

    public static SegmentName name(int n) {
        return new SegmentName(HISTORY, 10L * n, 10L * n + 1);
    }

    /** As another node ships it. */
    public SegmentName ship(int n) {
        SealedSegment sealed = segment(n);
        if (s3.putIfAbsent(sealed.name().key(), sealed.bytes()) != PutOutcome.CREATED) {
            throw new AssertionError(sealed.name() + " is there");
        }
        put.put(sealed.name(), sealed.bytes());
        return sealed.name();
    }

    /** As this node does when it leads. */
    public SegmentName shipHere(int n) {
        SegmentName name = ship(n);
        tiers.keep(name, put.get(name));
        return name;
    }

    public void pass(long millis) {
        pace.pause(millis);
    }

    Tier tier(SegmentName name) {
        return tiers.row(name).map(SegmentRow::tier).orElse(null);
    }

    public boolean hasFile(SegmentName name) {
        return disk.exists(new SegmentFiles(disk, DIRECTORY).path(name));
    }

    List<SegmentRow> rows() {
        List<SegmentRow> rows = new ArrayList<>();
        tiers.forEach(rows::add);
        return rows;
    }
}
