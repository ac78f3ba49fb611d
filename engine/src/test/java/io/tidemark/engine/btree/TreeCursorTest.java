package io.tidemark.engine.btree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.page.PageHeader;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TreeCursorTest {
    private final TreeRig rig = new TreeRig();

    @Test
    void goesBothWaysThroughATreeOfManyLeaves() {
        TreeMap<String, String> model = filled(2000);
        try (TreeCursor cursor = rig.cursor()) {
            boolean found = cursor.first();
            for (String key : model.keySet()) {
                assertTrue(found);
                assertAt(key, model, cursor);
                found = cursor.next();
            }
            assertFalse(found);
            found = cursor.last();
            for (String key : model.descendingKeySet()) {
                assertTrue(found);
                assertAt(key, model, cursor);
                found = cursor.previous();
            }
            assertFalse(found);
        }
    }

    @Test
    void standsWhereAMapWouldWhereverItIsPlacedAndTurned() {
        long seed = 11;
        Random random = new Random(seed);
        TreeMap<String, String> model = filled(1500);
        try (TreeCursor cursor = rig.cursor()) {
            for (int i = 0; i < 3000; i++) {
                String key = key(random.nextInt(4000));
                boolean below = random.nextBoolean();
                String at = below ? model.lowerKey(key) : model.ceilingKey(key);
                boolean found = below ? cursor.seekBefore(TreeRig.bytes(key)) : cursor.seek(TreeRig.bytes(key));
                for (int step = random.nextInt(40); at != null && step > 0; step--) {
                    assertAt(at, model, cursor);
                    boolean forward = random.nextInt(3) > 0;
                    at = forward ? model.higherKey(at) : model.lowerKey(at);
                    found = forward ? cursor.next() : cursor.previous();
                }
                assertEquals(at != null, found, "seed " + seed + " step " + i);
                assertEquals(at != null, cursor.isPlaced());
            }
        }
    }

    @Test
    void parkedItHoldsNoPinAndKeepsItsPlace() {
        TreeMap<String, String> model = filled(500);
        TreeCursor cursor = rig.cursor();
        assertTrue(cursor.seek(TreeRig.bytes(key(100))));
        String at = model.ceilingKey(key(100));
        cursor.park();
        assertAt(at, model, cursor);
        cursor.park();
        assertTrue(cursor.next());
        assertAt(model.higherKey(at), model, cursor);
        cursor.close();
        assertThrows(IllegalStateException.class, cursor::next);
        assertTrue(cursor.last());
        cursor.close();
    }

    @Test
    void aTreeThatDoesNotExistHasNoRecords() {
        try (TreeCursor cursor = new TreeCursor(rig.pages, PageHeader.NO_PAGE, Use.SCAN)) {
            assertFalse(cursor.first());
            assertFalse(cursor.last());
            assertFalse(cursor.isPlaced());
        }
    }

    @Test
    void anEmptiedTreeHasNoRecordsEither() {
        rig.put("a", "1");
        rig.delete("a");
        try (TreeCursor cursor = rig.cursor()) {
            assertFalse(cursor.first());
            assertFalse(cursor.last());
            assertFalse(cursor.seek(TreeRig.bytes("a")));
        }
    }

    private void assertAt(String key, TreeMap<String, String> model, TreeCursor cursor) {
        assertEquals(key, TreeRig.text(cursor.key()));
        assertEquals(model.get(key), TreeRig.text(cursor.stored().value()));
        assertEquals(0, cursor.compareKey(TreeRig.bytes(key)));
    }

    private TreeMap<String, String> filled(int keys) {
        Random random = new Random(5);
        TreeMap<String, String> model = new TreeMap<>();
        for (int i = 0; i < keys; i++) {
            String key = key(random.nextInt(4000));
            String value = "v".repeat(random.nextInt(100)) + i;
            rig.put(key, value);
            model.put(key, value);
        }
        return model;
    }

    private static String key(int number) {
        return String.format("key%05d", number);
    }
}
