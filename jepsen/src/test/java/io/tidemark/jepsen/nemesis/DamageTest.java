package io.tidemark.jepsen.nemesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {

    private static final int LENGTH = 1_000;

    @TempDir
    Path directory;

    private byte[] damaged(Damage damage, long seed) throws IOException {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) 0x55);
        Path file = Files.write(directory.resolve(damage + "-" + seed), bytes);
        damage.inflict(file, new Random(seed));
        return Files.readAllBytes(file);
    }

    @Test
    void oneBitFlips() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            byte[] bytes = damaged(Damage.BIT_FLIP, seed);
            int bits = 0;
            for (byte b : bytes) {
                bits += Integer.bitCount((b ^ 0x55) & 0xff);
            }
            assertEquals(LENGTH, bytes.length);
            assertEquals(1, bits);
        }
    }

    @Test
    void theEndIsCutOrZeroedAndTheBeginningStays() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            assertTrue(damaged(Damage.TRUNCATION, seed).length < LENGTH);
            byte[] zeroed = damaged(Damage.ZEROED_TAIL, seed);
            assertEquals(LENGTH, zeroed.length);
            assertEquals(0, zeroed[LENGTH - 1]);
            int first = 0;
            while (zeroed[first] == 0x55) {
                first++;
            }
            assertArrayEquals(new byte[LENGTH - first], Arrays.copyOfRange(zeroed, first, LENGTH));
        }
    }

    @Test
    void equalSeedsDoEqualDamage() throws IOException {
        byte[] once = damaged(Damage.BIT_FLIP, 7);
        assertArrayEquals(once, damaged(Damage.BIT_FLIP, 7));
    }
}
