package io.tidemark.raft.node;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The time that a leader puts into entries (rule E7). The log's time never goes back, so one entry of a leader whose wall
 * clock has jumped ahead would keep everything from expiring until the day that it named. This clock goes by the monotonic
 * one. The wall clock sets it while that is near the median of the members' clocks, and the median itself does when it is
 * not. While most are not heard, or the two in the middle say different things, it just goes on; at its start it has the wall
 * clock alone.
 *
 * <p>Thread-safe; {@link #set} from one thread at a time.
 */
final class LogClock extends Clock {
    private final Clock wall;
    private final LongSupplier nanoClock;
    private final ClockGuard members;
    private volatile Anchor anchor;

    /** Both clocks at one moment. */
    private record Anchor(long millis, long nanos) {
        long millisAt(long nanosNow) {
            return millis + (nanosNow - nanos) / 1_000_000;
        }
    }

    LogClock(Clock wall, LongSupplier nanoClock, ClockGuard members) {
        this.wall = wall;
        this.nanoClock = nanoClock;
        this.members = members;
        this.anchor = new Anchor(wall.millis(), nanoClock.getAsLong());
    }

    /** Asks the members and sets this clock. Blocks for as long as they take to answer. */
    void set() {
        Anchor here = new Anchor(wall.millis(), nanoClock.getAsLong());
        Optional<ClockGuard.Apart> apart = members.apart();
        long jumped = wall.millis() - here.millisAt(nanoClock.getAsLong());
        if (apart.isEmpty() || Math.abs(jumped) > ClockGuard.APART_MILLIS_MAX) {
            return;
        }
        if (apart.get().isNear()) {
            anchor = here;
        } else if (apart.get().isAgreed()) {
            anchor = new Anchor(here.millis() + apart.get().least(), here.nanos());
        }
    }

    @Override
    public long millis() {
        return anchor.millisAt(nanoClock.getAsLong());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return wall.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new LogClock(wall.withZone(zone), nanoClock, members);
    }
}
