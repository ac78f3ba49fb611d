package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.machine.StubEngine;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadRoundsTest {
    /** What was asked of Raft, and by which thread. */
    private record Asked(CompletableFuture<String> answer, Thread by) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private final ReadRounds rounds = new ReadRounds(new StubEngine(7, 1), this::ask, answers, Duration.ofSeconds(30));

    @AfterEach
    void end() {
        answers.shutdownNow();
    }

    @Test
    void manyReadersShareTheRoundAfterTheirs() throws Exception {
        CompletableFuture<Long> first = rounds.readIndex();
        CompletableFuture<Long> second = rounds.readIndex();
        CompletableFuture<Long> third = rounds.readIndex();
        take().answer().complete("done");
        assertEquals(7, first.get());
        Asked shared = take();
        assertFalse(second.isDone());
        shared.answer().complete("done");
        assertEquals(7, second.get());
        assertEquals(7, third.get());
        assertEquals(0, asked.size());
    }

    /** Ratis completes its answer inside a monitor that asking again waits for: the leader hung with all its reads. */
    @Test
    void theThreadThatAnswersNeverAsksAgain() throws Exception {
        CompletableFuture<Long> first = rounds.readIndex();
        CompletableFuture<Long> second = rounds.readIndex();
        take().answer().complete("done");
        Asked again = take();
        assertNotSame(Thread.currentThread(), again.by());
        again.answer().complete("done");
        assertEquals(7, first.get());
        assertEquals(7, second.get());
    }

    @Test
    void aFailedRoundFailsItsReadersOnly() throws Exception {
        CompletableFuture<Long> first = rounds.readIndex();
        CompletableFuture<Long> second = rounds.readIndex();
        take().answer().completeExceptionally(new IllegalStateException("no leader"));
        assertThrows(ExecutionException.class, first::get);
        take().answer().complete("done");
        assertEquals(7, second.get());
    }

    /** Ratis' wait for a majority has no bound: one round without an answer would have kept every later read. */
    @Test
    void aRoundWithoutAnAnswerIsGivenUpAndTheNextOneAsks() throws Exception {
        ReadRounds hasty = new ReadRounds(new StubEngine(7, 1), this::ask, answers, Duration.ofMillis(200));
        CompletableFuture<Long> lost = hasty.readIndex();
        take();
        ExecutionException late = assertThrows(ExecutionException.class, lost::get);
        assertEquals(ErrorKind.RETRY, ((TidemarkException) late.getCause()).kind());
        CompletableFuture<Long> next = hasty.readIndex();
        take().answer().complete("done");
        assertEquals(7, next.get());
    }

    private CompletableFuture<String> ask() {
        Asked question = new Asked(new CompletableFuture<>(), Thread.currentThread());
        asked.add(question);
        return question.answer();
    }

    private Asked take() throws InterruptedException {
        return asked.poll(10, TimeUnit.SECONDS);
    }
}
