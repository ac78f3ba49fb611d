package io.tidemark.engine.btree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.page.SlottedPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How full pages are after this and that. A record here is 15 + 8 + 40 bytes and a slot: 13 fill a leaf but 4 bytes. */
class TreeShapeTest {
    private static final int KEYS = 5000;
    private static final int RECORD_BYTES = 15 + 8 + 40 + SlottedPage.SLOT_BYTES;

    private final TreeRig rig = new TreeRig();
    private int records;

    @Test
    void ascendingKeysFillPages() {
        putAll(IntStream.range(0, KEYS).boxed().toList(), TreeShapeTest::key);
        assertFill(93, 100);
    }

    @Test
    void descendingKeysFillLeaves() {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, KEYS).boxed().toList());
        Collections.reverse(numbers);
        putAll(numbers, TreeShapeTest::key);
        assertFill(90, 100);
    }

    @Test
    void keysThatAscendInSeveralPlacesOfTheTreeAtOnceFillPages() {
        putAll(IntStream.range(0, KEYS).boxed().toList(), n -> String.format("u%02d/%04d", n % 20, n / 20));
        assertFill(85, 100);
    }

    @Test
    void randomKeysLeavePagesAsFullAsHalvingDoes() {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, KEYS).boxed().toList());
        Collections.shuffle(numbers, new Random(3));
        putAll(numbers, TreeShapeTest::key);
        assertFill(62, 75);
    }

    @Test
    void whatIsDeletedHereAndThereGivesPagesBack() {
        putAll(IntStream.range(0, KEYS).boxed().toList(), TreeShapeTest::key);
        long full = usedPages();
        for (int n = 0; n < KEYS; n++) {
            if (n % 10 != 0) {
                assertTrue(rig.delete(key(n)));
                records--;
            }
        }
        rig.check();
        assertTrue(usedPages() < full * 0.4, usedPages() + " pages of " + full + " for a tenth of the records");
        assertFill(25, 100);
    }

    @Test
    void aTreeDeletedFromEitherEndKeepsItsRootAlone() {
        putAll(IntStream.range(0, KEYS).boxed().toList(), TreeShapeTest::key);
        for (int n = 0; n < KEYS / 2; n++) {
            assertTrue(rig.delete(key(n)));
            assertTrue(rig.delete(key(KEYS - 1 - n)));
        }
        rig.check();
        assertEquals(TreeRig.EMPTY_PAGES, usedPages());
    }

    @Test
    void aKeyThatComesAndGoesAtTheEdgeOfAMergeDoesNotSplitAndMergeEachTime() {
        putAll(IntStream.range(0, 200).boxed().toList(), TreeShapeTest::key);
        int redo = 0;
        for (int n = 199; n > 0; n--) {
            byte[] key = TreeRig.bytes(key(n));
            rig.delete(key(n));
            int there = rig.entry((trees, version) -> trees.put(TreeRig.TREE, key, new byte[40], version));
            int back = rig.entry((trees, version) -> trees.delete(TreeRig.TREE, key));
            redo += there + back;
        }
        assertTrue(redo / 199 < 300, redo / 199 + " B of redo for a put and a delete");
    }

    private static String key(int number) {
        return String.format("k%07d", number);
    }

    private void putAll(List<Integer> numbers, IntFunction<String> key) {
        for (int number : numbers) {
            rig.put(key.apply(number), "v".repeat(40));
            records++;
        }
        assertEquals(records + 1, rig.check().records());
    }

    private long usedPages() {
        return rig.allocator.pages() - rig.allocator.freePages();
    }

    private void assertFill(int least, int most) {
        long room = (usedPages() - 2) * SlottedPage.room(TreeRig.PAGE_BYTES);
        long percent = 100L * records * RECORD_BYTES / room;
        assertTrue(percent >= least && percent <= most, percent + " % full");
    }
}
