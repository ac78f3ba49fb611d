package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.raft.Member;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogClockTest {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);

    private final Map<String, Long> others = new HashMap<>(Map.of("n2:2", 1_000L, "n3:2", 1_000L));
    private long wall = 1_000;
    private long monotonic = 77_000_000;

    private final Clock wallClock = new Clock() {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(wall);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private final List<Member> members = List.of("n1", "n2", "n3").stream()
            .map(n -> new Member(n, 1, n + ":1", n + ":2"))
            .toList();

    private final ClockGuard guard = new ClockGuard(
            members.get(0),
            () -> members,
            http -> others.containsKey(http) ? OptionalLong.of(others.get(http)) : OptionalLong.empty(),
            () -> wall);

    private final LogClock clock = clockOf(0);

    private LogClock clockOf(long logMillis) {
        return new LogClock(wallClock, () -> monotonic, guard, logMillis);
    }

    private void pass(long millis) {
        wall += millis;
        monotonic += millis * 1_000_000;
        others.replaceAll((who, theirs) -> theirs + millis);
    }

    @Test
    void e7_aLeaderWhoseClockJumpsDoesNotTakeTheLogsTimeAlong() {
        pass(10);
        wall += DAY;
        assertEquals(1_010, clock.millis());
        clock.set();
        pass(20);
        assertEquals(1_030, clock.millis(), "the others say what time it is");
        wall -= 2 * DAY;
        clock.set();
        assertEquals(1_030, clock.millis());
    }

    @Test
    void e7_theWallClockSetsIt_whereMostMembersAreNearIt() {
        wall += 900;
        assertEquals(1_000, clock.millis());
        clock.set();
        assertEquals(1_900, clock.millis());
        others.put("n2:2", 5 * DAY);
        wall += 50;
        clock.set();
        assertEquals(1_950, clock.millis(), "one other may be wrong");
    }

    @Test
    void e7_itJustGoesOnWhileMostAreNotHeardOrTwoDisagree() {
        wall += DAY;
        others.remove("n3:2");
        clock.set();
        assertEquals(1_000, clock.millis(), "of two, nobody knows who is right");
        others.clear();
        clock.set();
        pass(5);
        assertEquals(1_005, clock.millis());
    }

    @Test
    void e7_aNodeThatStartsWithAWrongClockIsSetByTheOthers() {
        others.replaceAll((who, theirs) -> theirs + DAY);
        clock.set();
        assertEquals(1_000 + DAY, clock.millis());
    }

    /** A campaign moved all clocks at once: the log's time jumped ahead for a quarter of an hour, and nothing expired. */
    @Test
    void e7_mostClocksThatAreWrongTogetherForAWhileDoNotSetIt() {
        clock.set();
        for (long ahead : new long[] {600_000, -90_000, DAY}) {
            jumpAll(ahead);
            for (int i = 0; i < 20; i++) {
                pass(5_000);
                clock.set();
            }
            jumpAll(-ahead);
            clock.set();
            assertEquals(wall, clock.millis(), "after a jump of " + ahead);
        }
    }

    @Test
    void e7_aNodeThatStartsWithAWrongClockGoesOnFromTheLogsTimeUntilTheOthersAreHeard() {
        Map<String, Long> heard = Map.copyOf(others);
        others.clear();
        wall += DAY;
        LogClock started = clockOf(900);
        started.set();
        pass(50);
        assertEquals(950, started.millis());
        heard.forEach((who, theirs) -> others.put(who, theirs + 50));
        started.set();
        assertEquals(1_050, started.millis());
    }

    @Test
    void e7_whatMostClocksSayForTwoMinutesSetsIt() {
        clock.set();
        jumpAll(DAY);
        for (int i = 0; i < 24; i++) {
            clock.set();
            assertEquals(wall - DAY, clock.millis());
            pass(5_000);
        }
        clock.set();
        assertEquals(wall, clock.millis());
    }

    @Test
    void e7_aClusterThatWasOffForADayKnowsTheTimeAtOnce() {
        jumpAll(DAY);
        LogClock started = clockOf(1_000);
        started.set();
        assertEquals(wall, started.millis());
    }

    /** In a campaign nodes started while each clock was ahead by another time: the log's was ahead for half an hour then. */
    @Test
    void e7_aNodeThatStartsWhileAllClocksSayOtherThingsGoesOnFromTheLogsTime() {
        others.put("n2:2", wall + 5_270_000);
        others.put("n3:2", wall + 1_599_000);
        LogClock started = clockOf(900);
        for (int i = 0; i < 20; i++) {
            started.set();
            pass(5_000);
        }
        assertEquals(900 + 100_000, started.millis());
        others.replaceAll((who, theirs) -> wall);
        started.set();
        assertEquals(wall, started.millis(), "when most say the same");
    }

    private void jumpAll(long millis) {
        wall += millis;
        others.replaceAll((who, theirs) -> theirs + millis);
    }
}
