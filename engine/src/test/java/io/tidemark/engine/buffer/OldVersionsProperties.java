package io.tidemark.engine.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What is kept is exactly what somebody needs, by looking at all of it. */
class OldVersionsProperties {
    private static final int PAGES = 20;

    private final ByteBuffer nothing = ByteBuffer.allocate(0);

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void aVersionIsKeptIfAndOnlyIfAnOpenSnapshotOrAReaderNeedsIt(@ForAll long seed) {
        Random random = new Random(seed);
        OldVersions versions = new OldVersions(64);
        List<SnapshotHold> open = new ArrayList<>();
        Set<Frame> kept = new HashSet<>();
        Map<Long, Long> changedAt = new HashMap<>();
        long reader = Long.MAX_VALUE;
        for (long lsn = 1; lsn < 200; lsn++) {
            for (long page = random.nextInt(4); page < PAGES; page += 1 + random.nextInt(8)) {
                Frame old = version(page, changedAt.getOrDefault(page, 0L));
                versions.add(old, lsn);
                versions.settle(old);
                kept.add(old);
                changedAt.put(page, lsn);
            }
            if (random.nextInt(4) == 0) {
                open.add(versions.open(lsn, null));
            }
            if (random.nextInt(5) == 0 && !open.isEmpty()) {
                versions.close(open.remove(random.nextInt(open.size())));
            }
            if (random.nextInt(20) == 0 && !open.isEmpty()) {
                versions.makeRoom();
                SnapshotHold oldest =
                        open.stream().filter(hold -> !hold.isOpen()).findFirst().orElseThrow();
                assertEquals(open.stream().mapToLong(SnapshotHold::lsn).min().orElseThrow(), oldest.lsn());
                open.remove(oldest);
            }
            reader = random.nextInt(3) == 0 ? lsn : reader == Long.MAX_VALUE ? lsn : reader;
            versions.sweep(reader, kept::remove);
            check(versions, open, kept, lsn);
        }
        open.forEach(versions::close);
        versions.sweep(200, kept::remove);
        assertEquals(Set.of(), kept);
        assertEquals(0, versions.size());
    }

    private static void check(OldVersions versions, List<SnapshotHold> open, Set<Frame> kept, long lsn) {
        assertEquals(kept.size(), versions.size());
        Set<Frame> needed = new HashSet<>();
        for (Frame frame : kept) {
            for (SnapshotHold hold : open) {
                if (frame.from <= hold.lsn() && hold.lsn() < frame.until) {
                    assertSame(frame, versions.find(frame.pageId, hold.lsn()), "page at " + hold.lsn());
                    needed.add(frame);
                }
            }
        }
        List<Frame> unneeded = new ArrayList<>(kept);
        unneeded.removeAll(needed);
        // What is left beside them waits for readers only: a sweep without any would take it, and nothing else.
        Set<Frame> taken = new HashSet<>();
        if (lsn % 10 == 0) {
            versions.sweep(Long.MAX_VALUE, taken::add);
            assertEquals(Set.copyOf(unneeded), taken);
            kept.removeAll(taken);
        }
        assertEquals(open.stream().mapToLong(SnapshotHold::lsn).max().orElse(-2), versions.newestOpen());
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theFrameTableHoldsWhatAMapHolds(@ForAll long seed) {
        Random random = new Random(seed);
        int frames = 1 + random.nextInt(40);
        FrameTable table = new FrameTable(frames);
        Map<Long, Frame> model = new HashMap<>();
        for (int step = 0; step < 2000; step++) {
            long page = random.nextInt(3) == 0 ? random.nextLong() >>> 1 : random.nextInt(100);
            Frame found = table.find(page);
            assertSame(model.get(page), found);
            if (found == null && model.size() < frames) {
                Frame frame = version(page, step);
                table.add(frame);
                model.put(page, frame);
            } else if (found != null && random.nextBoolean()) {
                table.remove(found);
                assertNull(table.find(page));
                model.remove(page);
            } else if (found != null) {
                Frame by = version(page, step);
                table.replace(found, by);
                model.put(page, by);
            }
        }
        model.keySet().forEach(page -> assertNotNull(table.find(page)));
    }

    private Frame version(long pageId, long from) {
        Frame frame = new Frame(nothing);
        frame.pageId = pageId;
        frame.from = from;
        frame.open(0);
        return frame;
    }
}
