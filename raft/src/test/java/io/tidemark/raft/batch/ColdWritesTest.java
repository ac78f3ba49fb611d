package io.tidemark.raft.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.NotLeaderException;
import io.tidemark.raft.machine.Proposal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ColdWritesTest {
    private final BlockingQueue<Proposal> proposed = new LinkedBlockingQueue<>();
    private final Set<String> cold = ConcurrentHashMap.newKeySet();
    private final CountDownLatch s3Answers = new CountDownLatch(1);
    private volatile boolean s3Away;
    private final WriteBatcher batcher = new WriteBatcher(
            "test",
            new BatchOptions(1 << 20, 2048, 16 << 10, 4, 4 << 20, 8 << 20, 20),
            new Admission(new AdmissionLimits(100, 200, 1000, 2000, 500), () -> 0, () -> 0, () -> 1000),
            proposed::add,
            Clock.systemUTC(),
            Runnable::run,
            new MetricRegistry(),
            () -> new NotLeaderException("n1-1", "n2", "localhost:1"));
    private final ColdWrites writes = new ColdWrites("test", this::isAtHand, this::fetch, batcher, 1000);

    private boolean isAtHand(List<Command> commands) {
        return commands.stream().noneMatch(command -> cold.contains(key(command)));
    }

    private void fetch(List<Command> commands) {
        if (s3Away) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "COLD_UNAVAILABLE");
        }
        try {
            s3Answers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        commands.forEach(command -> cold.remove(key(command)));
    }

    private static String key(Command command) {
        return new String(((Operation.Put) command.operation()).key(), StandardCharsets.UTF_8);
    }

    private static List<Command> put(String key) {
        return List.of(Command.of(
                new Operation.Put("rows", key.getBytes(StandardCharsets.UTF_8), new byte[300], Precondition.NONE)));
    }

    @AfterEach
    void close() {
        s3Answers.countDown();
        writes.close();
        batcher.close();
    }

    @Test
    void ct1_aWriteWaitsForItsPagesAndOthersPassIt() throws Exception {
        batcher.open();
        cold.add("cold");
        CompletableFuture<List<Reply>> late = writes.submit(put("cold"));
        writes.submit(put("hot"));
        assertEquals("hot", key(next().entry().commands().get(0)));
        assertFalse(late.isDone());
        s3Answers.countDown();
        assertEquals("cold", key(next().entry().commands().get(0)));
    }

    @Test
    void ct1_withoutS3OnlyThatWriteIsRefused() throws Exception {
        batcher.open();
        cold.add("cold");
        s3Away = true;
        CompletableFuture<List<Reply>> refused = writes.submit(put("cold"));
        writes.submit(put("hot"));
        assertEquals("hot", key(next().entry().commands().get(0)));
        CompletionException why = assertThrows(CompletionException.class, refused::join);
        assertEquals(ErrorKind.UNAVAILABLE, ((TidemarkException) why.getCause()).kind());
        assertTrue(why.getCause().getMessage().contains("COLD_UNAVAILABLE"));
        assertTrue(proposed.isEmpty());
    }

    @Test
    void whoDoesNotLeadFetchesNothing() {
        cold.add("cold");
        s3Away = true;
        CompletionException why = assertThrows(CompletionException.class, writes.submit(put("cold"))::join);
        assertInstanceOf(NotLeaderException.class, why.getCause());
    }

    @Test
    void writesThatWaitAreBounded() {
        batcher.open();
        cold.addAll(Set.of("a", "b", "c", "d", "e"));
        List<CompletableFuture<List<Reply>>> waiting = List.of(
                writes.submit(put("a")), writes.submit(put("b")), writes.submit(put("c")), writes.submit(put("d")));
        CompletionException why = assertThrows(CompletionException.class, writes.submit(put("e"))::join);
        assertInstanceOf(LimitException.class, why.getCause());
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
    }

    private Proposal next() throws InterruptedException {
        return proposed.poll(20, TimeUnit.SECONDS);
    }
}
