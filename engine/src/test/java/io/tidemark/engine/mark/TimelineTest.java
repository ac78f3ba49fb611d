package io.tidemark.engine.mark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TimelineTest {
    private final Timeline timeline = new Timeline(Mark.NONE, Mark.NONE, 10, Mark.NONE, Halt.THROW);

    @Test
    void m1_theHighWaterMarkNeverPassesWhatIsCommitted() {
        timeline.highWater(10);
        halts(() -> timeline.highWater(11), "<= 11 <= 10");
        assertEquals(10, timeline.highWater());
    }

    @Test
    void m1_theLowWaterMarkNeverPassesTheHighWaterMark() {
        timeline.highWater(5);
        timeline.lowWater(5);
        halts(() -> timeline.lowWater(6), "6 <= 5");
        assertEquals(5, timeline.lowWater());
    }

    @Test
    void m1_marksNeverGoBack() {
        timeline.highWater(5);
        timeline.lowWater(4);
        timeline.durable(7);
        halts(() -> timeline.highWater(4), "back to 4");
        halts(() -> timeline.lowWater(3), "back to 3");
        halts(() -> timeline.durable(6), "back to 6");
    }

    @Test
    void m1_aCommitIndexHeardLateIsIgnored() {
        timeline.committed(20);
        timeline.committed(15);
        assertEquals(20, timeline.committed());
    }

    @Test
    void aNodeThatStartsWithMarksOutOfOrderHalts() {
        halts(() -> new Timeline(5, 4, 10, 10, Halt.THROW), "5 <= 4");
    }

    @Test
    void m1_whoeverLooksWhileTheMarksMoveSeesThemInOrder() {
        CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
            for (long lsn = 11; lsn < 200_000; lsn++) {
                timeline.committed(lsn);
                timeline.highWater(lsn);
                timeline.lowWater(lsn);
            }
        });
        do {
            Timeline.Moment seen = timeline.now();
            assertTrue(seen.lowWater() <= seen.highWater() && seen.highWater() <= seen.committed(), seen::toString);
        } while (!moving.isDone());
        moving.join();
    }

    private static void halts(Executable move, String because) {
        TidemarkException e = assertThrows(TidemarkException.class, move);
        assertEquals(ErrorKind.FATAL, e.kind());
        assertTrue(e.getMessage().contains(because), e::getMessage);
    }
}
