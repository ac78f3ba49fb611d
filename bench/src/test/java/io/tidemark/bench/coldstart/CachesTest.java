package io.tidemark.bench.coldstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CachesTest {
    @Test
    void anIdealCacheGivesUpWhatIsWantedLast() {
        // Of 1, 2, 3 the 3 is wanted last; by LRU nothing of a round is ever there again.
        int[] trace = {1, 2, 3, 1, 2, 3, 1, 2, 3};
        assertEquals(4 / 9.0, Caches.ideal(trace, 0, 2));
        assertEquals(0, Caches.leastRecentlyUsed(trace, 0, 2));
        assertEquals(6 / 9.0, Caches.ideal(trace, 0, 3));
        assertEquals(6 / 9.0, Caches.leastRecentlyUsed(trace, 0, 3));
    }

    @Test
    void whatFillsTheCacheIsNotCounted() {
        assertEquals(1, Caches.ideal(new int[] {5, 6, 5, 6}, 2, 2));
        assertEquals(1, Caches.leastRecentlyUsed(new int[] {5, 6, 5, 6}, 2, 2));
    }

    @Test
    void noCacheIsBetterThanTheIdealOne() {
        for (int capacity = 1; capacity < 300; capacity += 37) {
            int[] trace = ZipfTrace.of(500, 0.99, 20_000, capacity);
            double ideal = Caches.ideal(trace, 5_000, capacity);
            double lru = Caches.leastRecentlyUsed(trace, 5_000, capacity);
            assertTrue(ideal > lru && lru > 0, capacity + ": " + ideal + ", " + lru);
        }
    }

    @Test
    void theFavouriteOfATraceComesAsOftenAsItsRankSays() {
        int[] trace = ZipfTrace.of(100, 1, 100_000, 3);
        int[] counts = new int[100];
        Arrays.stream(trace).forEach(item -> counts[item]++);
        Arrays.sort(counts);
        double harmonic = 5.187; // the sum of 1/r up to 100
        assertEquals(100_000 / harmonic, counts[99], 1_000);
        assertEquals(counts[99] / 2.0, counts[98], 1_000);
    }
}
