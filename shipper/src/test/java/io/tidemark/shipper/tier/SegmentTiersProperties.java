package io.tidemark.shipper.tier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.tier.SegmentTiers.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever is put, read, wished and restarted over days: tiers are those that a few lines of arithmetic give. */
class SegmentTiersProperties {
    private static final int SEGMENTS = 12;
    private static final int COPIES = 5;
    private static final int STEPS = 120;
    private static final long HOT_READS = 6;
    private static final long HOT_RATE = 2;

    /** What one node should think of one segment. */
    private static final class Model {
        Tier tier = Tier.COLD;
        long made;
        long access;
        long reads;
        long since;
        long until;

        boolean often(long now) {
            return reads >= HOT_READS && reads / Math.max(1.0, (now - since) / (double) TierRig.HOUR) >= HOT_RATE;
        }

        Tier wanted(long now) {
            long age = now - Math.max(made, access);
            if (now < until || often(now)) {
                return Tier.HOT;
            }
            return tier == Tier.COLD || age >= 168 * TierRig.HOUR
                    ? Tier.COLD
                    : age < 72 * TierRig.HOUR ? Tier.HOT : Tier.WARM;
        }

        void forgetReads(long now) {
            if (reads > 0 && now - since >= 24 * TierRig.HOUR) {
                reads /= 2;
                since = now - (now - since) / 2;
            }
        }

        void leaves() {
            tier = Tier.COLD;
            reads = 0;
            since = 0;
            until = 0;
        }
    }

    private final Map<SegmentName, Model> model = new TreeMap<>(Comparator.comparing(SegmentName::key));

    private long copies() {
        return model.values().stream().filter(m -> m.tier != Tier.COLD).count();
    }

    private boolean makeRoom(long now) {
        if (copies() < COPIES) {
            return true;
        }
        List<Model> leaving = model.values().stream()
                .filter(m -> m.tier != Tier.COLD && now >= m.until)
                .sorted(Comparator.comparingLong(m -> Math.max(m.made, m.access)))
                .toList();
        // one for the newcomer, one for slack of a tenth of the cache, begun
        leaving.stream().limit(2).forEach(Model::leaves);
        return !leaving.isEmpty();
    }

    private boolean comes(Model m, long now) {
        if (m.tier == Tier.COLD && makeRoom(now)) {
            m.tier = Tier.HOT;
            m.access = now;
        }
        return m.tier != Tier.COLD;
    }

    private void tick(long now) {
        model.values().forEach(m -> {
            m.forgetReads(now);
            if (m.tier != Tier.COLD && m.wanted(now) != Tier.COLD) {
                m.tier = m.wanted(now);
            }
        });
        List<Model> coming = model.values().stream()
                .filter(m -> m.tier == Tier.COLD && m.wanted(now) == Tier.HOT)
                .toList();
        model.values().stream()
                .filter(m -> m.tier != Tier.COLD && m.wanted(now) == Tier.COLD)
                .forEach(Model::leaves);
        coming.forEach(m -> comes(m, now));
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void tiersAreThoseOfTheModel(@ForAll long seed) {
        model.clear();
        Random random = new Random(seed);
        TierOptions standard = TierRig.options(COPIES);
        TierRig rig = new TierRig(
                new SimulatedDisk(),
                new TierOptions(
                        standard.cacheBytes(),
                        standard.warmMillis(),
                        standard.coldMillis(),
                        standard.checkMillis(),
                        HOT_READS,
                        HOT_RATE,
                        0));
        for (int step = 0; step < STEPS; step++) {
            // no two things at one time, so that the least recent is one
            rig.pass(random.nextBoolean() ? 1 : 1 + random.nextInt(90) * TierRig.HOUR);
            String did = step(rig, random, TierRig.name(random.nextInt(SEGMENTS)));
            compare(rig, "seed " + seed + " step " + step + " " + did);
        }
    }

    private String step(TierRig rig, Random random, SegmentName name) {
        long now = rig.pace.wallMillis();
        Model m = model.get(name);
        if (m == null) {
            rig.shipHere((int) name.first() / 10);
            Model made = new Model();
            boolean room = makeRoom(now);
            made.made = now;
            model.put(name, made);
            if (room) {
                made.tier = Tier.HOT;
                made.access = now;
            }
            return "ship " + name;
        }
        switch (random.nextInt(8)) {
            case 0 -> {
                rig.tiers.archive(name);
                if (m.tier != Tier.COLD) {
                    m.leaves();
                }
                return "archive " + name;
            }
            case 1 -> {
                restore(rig, name, m, random.nextInt(400) * TierRig.HOUR);
                return "restore " + name;
            }
            case 2, 3 -> {
                rig.tiers.tick();
                tick(now);
                return "tick";
            }
            case 4 -> {
                rig.reopen();
                return "reopen";
            }
            default -> {
                for (int times = 1 + random.nextInt(4); times > 0; times--) {
                    read(rig, name, m);
                }
                return "read " + name;
            }
        }
    }

    private void restore(TierRig rig, SegmentName name, Model m, long millis) {
        long now = rig.pace.wallMillis();
        boolean was = m.tier != Tier.COLD;
        Outcome outcome = rig.tiers.restore(name, millis);
        if (was) {
            m.since = m.reads == 0 ? now : m.since;
            m.reads++;
            m.access = now;
            m.tier = Tier.HOT;
        }
        boolean there = comes(m, now);
        if (there) {
            m.until = Math.max(m.until, now + millis);
        }
        assertEquals(was ? Outcome.ALREADY : there ? Outcome.DONE : Outcome.NO_ROOM, outcome);
    }

    private void read(TierRig rig, SegmentName name, Model m) {
        long now = rig.pace.wallMillis();
        boolean local = rig.tiers
                .read(name)
                .map(bytes -> {
                    assertArrayEquals(rig.put.get(name), bytes);
                    return true;
                })
                .orElse(false);
        assertEquals(m.tier != Tier.COLD, local);
        rig.tiers.flush();
        m.since = m.reads == 0 ? now : m.since;
        m.reads++;
        m.access = now;
        m.forgetReads(now);
        if (m.tier != Tier.COLD) {
            m.tier = m.wanted(now);
        }
    }

    private void compare(TierRig rig, String where) {
        rig.rows().forEach(row -> {
            Model m = model.get(row.name());
            assertEquals(m.tier, row.tier(), where + ": " + row);
            assertEquals(m.reads, row.reads(), where + ": " + row);
            assertEquals(row.local(), rig.hasFile(row.name()), where + ": " + row);
        });
        assertEquals(model.size(), rig.rows().size(), where);
        assertEquals(copies() * SegmentFiles.BLOCK_BYTES, rig.tiers.stats().localBytes(), where);
        assertTrue(copies() <= COPIES, where);
    }
}
