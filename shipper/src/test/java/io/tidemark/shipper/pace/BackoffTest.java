package io.tidemark.shipper.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void delaysAreDrawnEvenlyFromARangeThatDoublesUpToItsBound() {
        long greatest = 0;
        long least = Long.MAX_VALUE;
        for (int seed = 0; seed < 200; seed++) {
            Backoff backoff = new Backoff(10, 1_000, new Random(seed));
            for (int failure = 0; failure < 100; failure++) {
                long delay = backoff.nextMillis();
                assertTrue(
                        delay >= 0 && delay <= Math.min(1_000, 10L << Math.min(failure, 20)), failure + ": " + delay);
                greatest = Math.max(greatest, delay);
                least = failure > 10 ? Math.min(least, delay) : least;
            }
        }
        assertTrue(greatest > 990 && least < 10, least + ".." + greatest);
    }

    @Test
    void aSuccessMakesTheNextDelayShortAgain() {
        Backoff backoff = new Backoff(1, 60_000, new Random(1));
        for (int i = 0; i < 30; i++) {
            backoff.nextMillis();
        }
        assertEquals(30, backoff.failures());
        backoff.reset();
        assertTrue(backoff.nextMillis() <= 1);
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThrows(TidemarkException.class, () -> new Backoff(0, 10, new Random()));
        assertThrows(TidemarkException.class, () -> new Backoff(10, 9, new Random()));
    }
}
