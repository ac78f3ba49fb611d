package io.tidemark.shipper.tier;

import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.Tier;
import java.util.concurrent.TimeUnit;

/** Which tier a segment belongs in, by what its row says and the time it is. Knows no disk and no clock. */
record TierPolicy(TierOptions options) {
    /** Reads older than this begin to count for less. */
    private static final long READS_AGE_MILLIS = TimeUnit.HOURS.toMillis(24);

    /**
     * Where it belongs. A segment without a copy belongs in COLD unless it is read often or to be kept: nothing is fetched
     * because it is young.
     */
    Tier tier(SegmentRow row, long nowMillis) {
        if (isKept(row, nowMillis) || isReadOften(row, nowMillis)) {
            return Tier.HOT;
        }
        if (!row.local()) {
            return Tier.COLD;
        }
        // a clock that was set back makes nothing old
        long age = nowMillis - row.touchedMillis();
        if (age < options.warmMillis()) {
            return Tier.HOT;
        }
        return age < options.coldMillis() ? Tier.WARM : Tier.COLD;
    }

    /** Whether its copy stays by hand. */
    boolean isKept(SegmentRow row, long nowMillis) {
        return nowMillis < row.keptUntilMillis();
    }

    boolean isReadOften(SegmentRow row, long nowMillis) {
        return row.reads() >= options.hotReads() && readsPerHour(row, nowMillis) >= options.hotReadsPerHour();
    }

    /** Average since its reads are counted; what began within the hour counts as one. */
    double readsPerHour(SegmentRow row, long nowMillis) {
        double hours = (nowMillis - row.readsSinceMillis()) / (double) TimeUnit.HOURS.toMillis(1);
        return row.reads() / Math.max(1, hours);
    }

    /** The row as it is from now on, its copy where it is. */
    SegmentRow reviewed(SegmentRow row, long nowMillis) {
        SegmentRow aged =
                row.reads() > 0 && nowMillis - row.readsSinceMillis() >= READS_AGE_MILLIS ? row.aged(nowMillis) : row;
        Tier wanted = tier(aged, nowMillis);
        return aged.local() && wanted != Tier.COLD ? aged.moved(wanted) : aged;
    }
}
