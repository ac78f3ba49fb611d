package io.tidemark.shipper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.ShippingLag.Lag;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.segment.Entries;
import org.junit.jupiter.api.Test;

class ShippingLagTest {
    private final ManualPace pace = new ManualPace();
    private final ShippingLag lag = new ShippingLag(pace, -1);

    @Test
    void m3_atRestOnlyBookkeepingIsAboveTheMarkAndTheLagIsZero() {
        lag.applied(Entries.configuration(0, 1, "peers"));
        lag.applied(Entries.put(1, 1, 100));
        lag.applied(Entries.put(2, 1, 100));
        pace.pause(500);
        assertEquals(2, lag.lag().entries());
        assertTrue(lag.lag().bytes() > 200);
        assertEquals(500, lag.lag().oldestMillis());

        lag.shipped(2);
        lag.applied(Entries.metadata(3, 1));
        pace.pause(10_000);
        assertEquals(new Lag(0, 0, 0), lag.lag());
    }

    @Test
    void m5_theLagIsNeverTooSmallAndExceedsTheTruthByOneGroupAtMost() {
        long truth = 0;
        for (int lsn = 0; lsn < 50; lsn++) {
            lag.applied(Entries.put(lsn, 1, 1_000));
            pace.pause(60);
        }
        long all = lag.lag().bytes();
        for (int mark = 0; mark < 50; mark++) {
            lag.shipped(mark);
            truth = 50 - mark - 1;
            assertTrue(lag.lag().entries() >= truth && lag.lag().entries() <= truth + 1, "mark " + mark);
        }
        assertEquals(0, lag.lag().bytes());
        assertTrue(all > 50_000);
    }

    @Test
    void entriesDeliveredAgainAfterARestartDoNotCount() {
        ShippingLag restarted = new ShippingLag(pace, 10);
        restarted.applied(Entries.put(9, 1, 100));
        restarted.applied(Entries.put(10, 1, 100));
        assertEquals(0, restarted.lag().entries());
        restarted.applied(Entries.put(11, 1, 100));
        restarted.shipped(5);
        assertEquals(1, restarted.lag().entries());
    }
}
