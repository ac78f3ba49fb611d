package io.tidemark.jepsen.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SiegeTest {

    private final Recorder history = Recorder.inMemory(Header.of("register"), () -> 0);
    private final AtomicInteger broken = new AtomicInteger();

    @Test
    void everyBlowIsHealedWhenTheSiegeIsLifted() {
        Siege siege = Siege.begin(history, List.of(nemesis(false)), Duration.ofMillis(50), Duration.ofMillis(50));
        Waiting.until("three strikes", Duration.ofSeconds(20), siege::strikes, n -> n >= 3);
        siege.lift();
        assertEquals(0, broken.get());
        assertTrue(history.history().events().size() >= 9, "each strike is written down");
    }

    @Test
    void aBlowThatFailsIsHealedToo() {
        Siege siege = Siege.begin(history, List.of(nemesis(true)), Duration.ofMillis(50), Duration.ofMillis(50));
        Waiting.until(
                "the strike",
                Duration.ofSeconds(20),
                () -> history.history().events().size(),
                n -> n >= 2);
        assertThrows(AssertionError.class, siege::lift);
        assertEquals(0, broken.get());
    }

    @Test
    void aSiegeGoesOnAfterABlowThatFailed() {
        Siege siege = Siege.begin(
                history, List.of(nemesis(true), nemesis(false)), Duration.ofMillis(20), Duration.ofMillis(20));
        Waiting.until("three strikes", Duration.ofSeconds(20), siege::strikes, n -> n >= 3);
        AssertionError all = assertThrows(AssertionError.class, siege::lift);
        assertEquals("struck badly", all.getCause().getMessage());
    }

    @Test
    void inATruceAllIsHealedAndNothingStrikes() {
        Truce truce = new Truce();
        Siege siege = Siege.begin(
                history,
                List.of(nemesis(false)),
                Pace.even(Duration.ofMinutes(5), Duration.ofMillis(20)),
                new Random(1),
                truce,
                () -> {});
        Waiting.until("a strike", Duration.ofSeconds(20), siege::strikes, n -> n == 1);
        truce.during(() -> {
            Waiting.until("healed", Duration.ofSeconds(20), broken::get, n -> n == 0);
            Waiting.pause(Duration.ofMillis(200));
            assertEquals(1, siege.strikes());
        });
        Waiting.until("the next strike", Duration.ofSeconds(20), siege::strikes, n -> n == 2);
        siege.lift();
        assertEquals(0, broken.get());
    }

    private Nemesis nemesis(boolean fails) {
        return new Nemesis() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public String strike() {
                broken.incrementAndGet();
                if (fails) {
                    throw new AssertionError("struck badly");
                }
                return "it";
            }

            @Override
            public void heal() {
                broken.set(0);
            }
        };
    }
}
