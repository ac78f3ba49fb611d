package io.tidemark.engine.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SlottedPageProperties {
    @Property(tries = 300)
    void holdsWhatAMapHoldsAndUnusedBytesAreZero(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer page = ByteBuffer.allocate(1024);
        SlottedPage.format(page, PageType.LEAF, 0, 3);
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < 200; i++) {
            change(random, page, model);
            SlottedPage.checkLayout(page);
            assertFindsAsTheMapDoes(page, model, key(random));
        }
        SlottedPage.checkLayout(page);
        assertEquals(model.size(), SlottedPage.count(page));
        int slot = 0;
        int used = 0;
        for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
            assertArrayEquals(entry.getKey(), Keys.key(page, slot));
            assertArrayEquals(entry.getValue(), LeafRecord.value(page, slot));
            used += SlottedPage.length(page, slot++);
        }
        assertEquals(SlottedPage.room(1024) - used - slot * SlottedPage.SLOT_BYTES, SlottedPage.free(page));
        assertUnusedIsZero(page);
    }

    private static void change(Random random, ByteBuffer page, TreeMap<byte[], byte[]> model) {
        byte[] key = key(random);
        byte[] value = bytes(random, random.nextInt(120));
        int slot = Keys.find(page, key);
        RedoBuffer record = new RedoBuffer();
        LeafRecord.write(record, new Version(1, 0), key, value);
        if (slot >= 0 && random.nextBoolean()) {
            SlottedPage.delete(page, slot);
            model.remove(key);
        } else if (slot >= 0 && SlottedPage.fitsReplacement(page, slot, record.length())) {
            SlottedPage.replace(page, slot, record.array(), 0, record.length());
            model.put(key, value);
        } else if (slot < 0 && SlottedPage.fits(page, record.length())) {
            SlottedPage.insert(page, -slot - 1, record.array(), 0, record.length());
            model.put(key, value);
        } else if (random.nextInt(10) == 0) {
            int from = random.nextInt(SlottedPage.count(page) + 1);
            while (SlottedPage.count(page) > from) {
                model.remove(Keys.key(page, from));
                if (random.nextBoolean()) {
                    SlottedPage.delete(page, from);
                } else {
                    model.tailMap(Keys.key(page, from), true).clear();
                    SlottedPage.remove(page, from, SlottedPage.count(page));
                }
            }
        }
    }

    /** Often with a beginning in common that makes shared bytes and heads matter. */
    private static byte[] key(Random random) {
        byte[] key = bytes(random, random.nextInt(8));
        for (int i = 0; i < key.length; i++) {
            key[i] = random.nextInt(6) == 0 ? key[i] : (byte) random.nextInt(2);
        }
        String shared = random.nextInt(20) == 0 ? "sha" : "shared-by-all";
        byte[] whole = Arrays.copyOf(shared.getBytes(StandardCharsets.UTF_8), shared.length() + key.length);
        System.arraycopy(key, 0, whole, shared.length(), key.length);
        return whole;
    }

    private static void assertFindsAsTheMapDoes(ByteBuffer page, TreeMap<byte[], byte[]> model, byte[] key) {
        int below = model.headMap(key).size();
        assertEquals(model.containsKey(key) ? below : -below - 1, Keys.find(page, key));
    }

    private static void assertUnusedIsZero(ByteBuffer page) {
        boolean[] used = new boolean[page.capacity()];
        Arrays.fill(used, 0, SlottedPage.HEADER_BYTES + SlottedPage.count(page) * SlottedPage.SLOT_BYTES, true);
        for (int slot = 0; slot < SlottedPage.count(page); slot++) {
            int at = SlottedPage.offset(page, slot);
            Arrays.fill(used, at, at + SlottedPage.length(page, slot), true);
        }
        for (int at = 0; at < used.length; at++) {
            assertEquals(0, used[at] ? 0 : page.get(at), "byte " + at);
        }
    }

    @Property
    void ordersKeysAsUnsignedBytes(@ForAll byte[] left, @ForAll byte[] right) {
        ByteBuffer page = ByteBuffer.allocate(4096);
        SlottedPage.format(page, PageType.LEAF, 0, 3);
        byte[] key = Arrays.copyOf(left, Math.min(left.length, 1000));
        RedoBuffer record = new RedoBuffer();
        LeafRecord.write(record, new Version(1, 0), key, new byte[0]);
        SlottedPage.insert(page, 0, record.array(), 0, record.length());
        int expected = Integer.signum(Arrays.compareUnsigned(key, right));
        assertEquals(expected, Integer.signum(Keys.compare(page, 0, right)));
        if (expected < 0) {
            byte[] separator = Keys.separator(key, right);
            assertEquals(-1, Integer.signum(Arrays.compareUnsigned(key, separator)));
            assertEquals(true, Arrays.compareUnsigned(separator, right) <= 0);
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
