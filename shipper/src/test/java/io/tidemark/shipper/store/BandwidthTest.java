package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.shipper.pace.ManualPace;
import org.junit.jupiter.api.Test;

class BandwidthTest {
    private final ManualPace pace = new ManualPace();

    @Test
    void whatWasSentHoldsBackWhatComesNextSoThatTheAverageIsTheLimit() {
        Bandwidth limit = new Bandwidth(pace, 1 << 20);
        long begin = pace.millis();
        for (int i = 0; i < 11; i++) {
            limit.acquire(512 << 10);
        }
        assertEquals(5_000, pace.millis() - begin, 10);
    }

    @Test
    void restsAreNotSavedUp() {
        Bandwidth limit = new Bandwidth(pace, 1 << 20);
        limit.acquire(1 << 20);
        pace.pause(60_000);
        long begin = pace.millis();
        limit.acquire(1 << 20);
        assertEquals(begin, pace.millis());
        limit.acquire(1);
        assertEquals(1_000, pace.millis() - begin);
    }

    @Test
    void withoutALimitNobodyWaits() {
        Bandwidth none = new Bandwidth(pace, 0);
        long begin = pace.millis();
        none.acquire(Long.MAX_VALUE);
        assertEquals(begin, pace.millis());
    }
}
