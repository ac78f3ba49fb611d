package io.tidemark.raft.node;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that a leader puts into entries (rule E7). The log's time never goes back, so one entry of a leader whose wall
 * clock has jumped ahead would keep everything from expiring until the day that it named. This clock goes by the monotonic
 * one. The wall clock sets it while that is near the median of the members' clocks, and the median itself does when it is
 * not. While most are not heard, or the two in the middle say different things, it just goes on. It begins where the log's
 * time is, and believes at once what most members say alike: all may have been off for a night. Whatever else would set it far
 * from where it is, and all that does later, is believed once it has been said for two minutes: of clocks that are all wrong
 * one is in the middle, too, and most may be wrong together for a while.
 *
 * <p>Thread-safe; {@link #set} from one thread at a time.
 */
final class LogClock extends Clock {
    /** Longer than most clocks are wrong together, but for good. */
    private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Clock wall;
    private final LongSupplier nanoClock;
    private final ClockGuard members;
    private volatile Anchor anchor;
    private boolean knows;
    private Doubt doubt;

    /** How far from this clock the members have said the time is, since then. */
    private record Doubt(long apartMillis, long sinceNanos) {}

    /** Both clocks at one moment. */
    private record Anchor(long millis, long nanos) {
        long millisAt(long nanosNow) {
            return millis + (nanosNow - nanos) / 1_000_000;
        }
    }

    /** @param logMillis the log's time; 0 when the log has no entry yet */
    LogClock(Clock wall, LongSupplier nanoClock, ClockGuard members, long logMillis) {
        this.wall = wall;
        this.nanoClock = nanoClock;
        this.members = members;
        this.anchor = new Anchor(logMillis > 0 ? logMillis : wall.millis(), nanoClock.getAsLong());
    }

    /** Asks the members and sets this clock. Blocks for as long as they take to answer. */
    void set() {
        Anchor here = new Anchor(wall.millis(), nanoClock.getAsLong());
        Optional<ClockGuard.Apart> apart = members.apart();
        long jumped = wall.millis() - here.millisAt(nanoClock.getAsLong());
        if (apart.isEmpty() || isFar(jumped)) {
            return;
        }
        if (apart.get().isNear()) {
            consider(here, apart.get().mostAgree());
        } else if (apart.get().isAgreed()) {
            consider(
                    new Anchor(here.millis() + apart.get().least(), here.nanos()),
                    apart.get().mostAgree());
        }
    }

    private void consider(Anchor said, boolean byMost) {
        long apart = said.millis() - anchor.millisAt(said.nanos());
        if (!knows && byMost || !isFar(apart) || isBelieved(apart, said.nanos())) {
            anchor = said;
            knows = true;
            doubt = null;
        }
    }

    private boolean isBelieved(long apart, long now) {
        if (doubt == null || isFar(apart - doubt.apartMillis())) {
            doubt = new Doubt(apart, now);
        }
        return now - doubt.sinceNanos() >= BELIEVED_NANOS;
    }

    private static boolean isFar(long millis) {
        return Math.abs(millis) > ClockGuard.APART_MILLIS_MAX;
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
        return new LogClock(wall.withZone(zone), nanoClock, members, millis());
    }
}
