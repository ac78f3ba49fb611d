package io.tidemark.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.load.ClosedLoop.Window;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
    private static final Window WINDOW = new Window(Duration.ofMillis(1), Duration.ofMillis(5));

    private final AtomicLong clock = new AtomicLong();

    @Test
    void oneWriterWaitsForEachAnswer() {
        Measurement m = loop(new Instant(null), 1);
        assertTrue(m.writes() > 0);
        assertEquals(0, m.failures());
        assertEquals(m.writes() * 1e9 / m.nanos(), m.writesPerSecond());
    }

    @Test
    void failuresAreCountedAndAreNoWrites() {
        TidemarkException refused =
                assertThrows(TidemarkException.class, () -> loop(new Instant(new IllegalStateException("full")), 4));
        assertTrue(refused.getMessage().contains("full"), refused.getMessage());
    }

    private Measurement loop(Target target, int writers) {
        boolean fails = ((Instant) target).failure != null;
        Window window = fails ? new Window(Duration.ofHours(1), Duration.ofHours(1)) : WINDOW;
        return new ClosedLoop(() -> clock.addAndGet(1000), 1)
                .run(target, new Workload(128, writers), window, ClosedLoop.Observer.NONE);
    }

    private record Instant(Throwable failure) implements Target {
        @Override
        public String name() {
            return "instant";
        }

        @Override
        public CompletableFuture<?> write(byte[] key, byte[] value) {
            return failure == null ? CompletableFuture.completedFuture(key) : CompletableFuture.failedFuture(failure);
        }

        @Override
        public boolean rest() {
            return true;
        }

        @Override
        public List<Node> nodes() {
            return List.of();
        }

        @Override
        public Node leader() {
            throw new IllegalStateException("nobody leads");
        }

        @Override
        public void close() {}
    }
}
