package io.tidemark.shipper.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void oneLargeValueTakesItsOwnRoomAndLittleMore() {
        byte[] value = new byte[16 << 20];
        new Random(1).nextBytes(value);
        Bytes bytes = new Bytes();
        bytes.add(new byte[] {1, 2, 3});
        bytes.add(value);
        assertTrue(bytes.array().length <= value.length + (2 << 20), bytes.array().length + " bytes held");
        bytes.clear(1024);
        assertEquals(0, bytes.size());
        assertEquals(1024, bytes.array().length);
    }

    @Test
    void whatIsReservedCountsWhenItIsFilledIn() {
        Bytes bytes = new Bytes();
        bytes.add(new byte[] {7});
        int at = bytes.reserve(5000);
        Arrays.fill(bytes.array(), at, at + 3, (byte) 9);
        bytes.added(3);
        assertArrayEquals(new byte[] {7, 9, 9, 9}, bytes.take());
        assertEquals(0, bytes.size());
    }
}
