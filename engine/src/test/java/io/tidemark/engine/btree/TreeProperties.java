package io.tidemark.engine.btree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.state.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One tree on small pages against a sorted map, its structure checked after every batch. jqwik prints a failing seed. */
class TreeProperties {
    private static final int BATCHES = 60;

    @Property(tries = 60)
    void holdsWhatAMapHoldsAndEveryPageIsInOrder(@ForAll long seed) {
        Random random = new Random(seed);
        TreeRig rig = new TreeRig();
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        Shape shape = new Shape(random);
        for (int batch = 0; batch < BATCHES; batch++) {
            boolean growing = batch % 20 < 12;
            rig.entry((trees, version) -> {
                for (int i = 0; i < 60; i++) {
                    change(random, shape, growing, trees, version, model);
                }
            });
            if (random.nextInt(4) == 0) {
                deleteRange(random, shape, rig, model);
            }
            rig.check();
            assertScans(random, shape, rig, model);
        }
        rig.entry((trees, version) -> model.keySet().forEach(key -> assertTrue(trees.delete(TreeRig.TREE, key))));
        assertEquals(rig.check().pages() - TreeRig.EMPTY_PAGES, rig.allocator.freePages());
    }

    private static void change(
            Random random, Shape shape, boolean growing, Trees trees, Version version, TreeMap<byte[], byte[]> model) {
        byte[] key = shape.key(random);
        if (random.nextInt(10) < (growing ? 8 : 2)) {
            byte[] value = value(random);
            trees.put(TreeRig.TREE, key, value, version);
            model.put(key, value);
        } else {
            byte[] found = random.nextInt(4) > 0 ? model.ceilingKey(key) : key;
            if (found != null) {
                assertEquals(model.remove(found) != null, trees.delete(TreeRig.TREE, found));
            }
        }
    }

    /** In as many entries as its page budget asks for; each leaves a tree in order. */
    private static void deleteRange(Random random, Shape shape, TreeRig rig, TreeMap<byte[], byte[]> model) {
        byte[] from = random.nextInt(8) == 0 ? null : shape.key(random);
        byte[] to = random.nextInt(8) == 0 ? null : shape.key(random);
        int budget = 32 + random.nextInt(40);
        Optional<byte[]> next = Optional.ofNullable(from);
        do {
            next = rig.deleteRange(next.orElse(null), to, budget);
            rig.check();
            byte[] end = next.orElse(to);
            model.keySet().removeIf(key -> (from == null || !isBelow(key, from)) && isBelow(key, end));
        } while (next.isPresent());
    }

    /** A null bound lies past all keys. */
    private static boolean isBelow(byte[] key, byte[] bound) {
        return bound == null || Arrays.compareUnsigned(key, bound) < 0;
    }

    private static byte[] value(Random random) {
        int length = random.nextInt(30) == 0 ? random.nextInt(4000) : random.nextInt(120);
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    private static void assertScans(Random random, Shape shape, TreeRig rig, TreeMap<byte[], byte[]> model) {
        byte[] from = shape.key(random);
        boolean forward = random.nextBoolean();
        NavigableMap<byte[], byte[]> expected =
                forward ? model.tailMap(from, true) : model.headMap(from, false).descendingMap();
        try (TreeCursor cursor = rig.cursor()) {
            boolean found = forward ? cursor.seek(from) : cursor.seekBefore(from);
            for (Map.Entry<byte[], byte[]> row : expected.entrySet()) {
                assertTrue(found);
                assertArrayEquals(row.getKey(), cursor.key());
                assertArrayEquals(row.getValue(), cursor.stored().value());
                found = forward ? cursor.next() : cursor.previous();
            }
            assertFalse(found);
        }
    }

    /** How the keys of one run look: how many there are, how alike, how long. */
    private static final class Shape {
        private final int keys;
        private final String beginning;
        private final int width;
        private int next;

        Shape(Random random) {
            keys = 1 + random.nextInt(3000);
            beginning = "b".repeat(random.nextInt(40));
            width = List.of(0, 0, 60, LeafRecord.keyBytesMax(TreeRig.PAGE_BYTES))
                    .get(random.nextInt(4));
        }

        byte[] key(Random random) {
            int number = random.nextInt(4) == 0 ? next++ % keys : random.nextInt(keys);
            String key = beginning + (number % 3) + "/" + number;
            String end = number % 2 == 0 ? "-".repeat(Math.max(0, width - key.length())) : "";
            return (key + end).getBytes(StandardCharsets.UTF_8);
        }
    }
}
