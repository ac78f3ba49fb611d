package io.tidemark.engine.btree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.SlottedPage;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
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
    void eachLeafIsWishedForBeforeTheScanComesToItAndNotOftenerThanThreeTimes() {
        TreeMap<String, String> model = filled(2000);
        Wishes wishes = new Wishes(rig.pages);
        try (TreeCursor cursor = new TreeCursor(wishes, rig.trees.catalog().root(TreeRig.TREE), Use.SCAN)) {
            for (boolean found = cursor.first(); found; found = cursor.next()) {
                assertTrue(model.remove(TreeRig.text(cursor.key())) != null);
            }
        }
        assertTrue(model.isEmpty());
        assertTrue(wishes.leaves > 150, wishes.leaves + " leaves");
        assertTrue(wishes.unwished <= wishes.parents * 2, wishes.unwished + " came unwished below " + wishes.parents);
        assertTrue(wishes.count <= 3 * wishes.leaves, wishes.count + " wishes for " + wishes.leaves + " leaves");
    }

    /** Pages that note what is wished for, and count what comes without. */
    private static final class Wishes implements PageSource {
        private final PageSource pages;
        private final Set<Long> wished = new HashSet<>();
        private long parent = PageHeader.NO_PAGE;
        private int parents;
        private int leaves;
        private int unwished;
        private int count;

        Wishes(PageSource pages) {
            this.pages = pages;
        }

        @Override
        public Frame pin(long pageId, Use use) {
            Frame frame = pages.pin(pageId, use);
            if (SlottedPage.level(frame.page()) == 0) {
                leaves++;
                unwished += wished.contains(pageId) ? 0 : 1;
            } else if (SlottedPage.level(frame.page()) == 1 && parent != pageId) {
                parent = pageId;
                parents++;
            }
            return frame;
        }

        @Override
        public void willWant(long pageId) {
            wished.add(pageId);
            count++;
        }

        @Override
        public void unpin(Frame frame) {
            pages.unpin(frame);
        }

        @Override
        public int pageBytes() {
            return pages.pageBytes();
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
