package io.tidemark.shipper.tier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.SimulatedTierCatalog;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tiers cut off before every operation on their disk, keeping nothing, all or a random part of what was unsynced: catalog
 * and disk agree again, nothing wrong is read, and what was answered by hand holds.
 */
class SegmentTiersCrashTest {
    private static final int SEEDS = 2;
    private static final int STEPS = 40;
    private static final int SEGMENTS = 8;
    private static final int COPIES = 4;

    private long images;

    /** What was answered to requests by hand; null for the segment of one under way. */
    private final Map<SegmentName, Boolean> wishes = new HashMap<>();

    @Test
    void ct9_everyCrashLeavesCatalogAndDiskInAgreement() {
        for (int seed = 0; seed < SEEDS; seed++) {
            wishes.clear();
            run(seed);
        }
        assertTrue(images > 400, images + " images");
    }

    private void run(int seed) {
        Random random = new Random(seed);
        Random ofImages = new Random(seed + 1_000L);
        SimulatedDisk disk = new SimulatedDisk();
        TierRig rig = new TierRig(disk, TierRig.options(COPIES));
        for (int n = 0; n < SEGMENTS; n++) {
            rig.ship(n);
        }
        disk.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                check(rig, disk.crashImage(mode, ofImages), "seed " + seed + " operation " + operation + " " + mode);
            }
        });
        for (int step = 0; step < STEPS; step++) {
            step(rig, random, TierRig.name(random.nextInt(SEGMENTS)));
        }
    }

    private void step(TierRig rig, Random random, SegmentName segment) {
        rig.pass(random.nextInt(20) * TierRig.HOUR);
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                wishes.remove(segment, false); // put again
                rig.tiers.keep(segment, rig.put.get(segment));
            }
            case 2 -> {
                wishes.put(segment, null);
                rig.tiers.archive(segment);
                wishes.put(segment, false);
            }
            case 3 -> {
                wishes.put(segment, null);
                SegmentTiers.Outcome outcome = rig.tiers.restore(segment, Long.MAX_VALUE);
                if (outcome == SegmentTiers.Outcome.NO_ROOM) {
                    wishes.remove(segment);
                } else {
                    wishes.put(segment, true);
                }
            }
            case 4 -> rig.tiers.tick();
            default -> rig.tiers.read(segment);
        }
    }

    private void check(TierRig rig, SimulatedDisk disk, String where) {
        images++;
        try (SegmentTiers tiers = new SegmentTiers(
                disk,
                TierRig.DIRECTORY,
                new SimulatedTierCatalog(disk, TierRig.DIRECTORY.resolve("catalog")),
                rig.s3,
                TierRig.HISTORY,
                rig.options,
                rig.pace,
                new MetricRegistry())) {
            Set<SegmentName> local = new HashSet<>();
            tiers.forEach(row -> {
                if (row.local()) {
                    local.add(row.name());
                }
            });
            assertEquals(local, new HashSet<>(new SegmentFiles(disk, TierRig.DIRECTORY).open()), where);
            assertEquals(local.size() * SegmentFiles.BLOCK_BYTES, tiers.stats().localBytes(), where);
            assertTrue(local.size() <= COPIES, where);
            wishes.forEach((segment, kept) -> {
                Optional<SegmentRow> row = tiers.row(segment);
                if (Boolean.TRUE.equals(kept)) {
                    assertEquals(Long.MAX_VALUE, row.orElseThrow().keptUntilMillis(), where);
                } else if (Boolean.FALSE.equals(kept)) {
                    assertFalse(local.contains(segment), where + ": " + segment + " was archived");
                }
            });
            for (SegmentName segment : local) {
                tiers.read(segment).ifPresent(bytes -> assertArrayEquals(rig.put.get(segment), bytes, where));
            }
            tiers.tick();
            wishes.forEach((segment, kept) -> {
                if (Boolean.TRUE.equals(kept)) {
                    assertArrayEquals(rig.put.get(segment), tiers.read(segment).orElseThrow(), where);
                }
            });
        } catch (IOException e) {
            throw new AssertionError(where, e);
        }
    }
}
