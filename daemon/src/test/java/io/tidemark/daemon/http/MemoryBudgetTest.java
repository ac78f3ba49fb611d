package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100, Duration.ofSeconds(30), Runnable::run);

    @Test
    void whoFindsNoRoomWaitsInOrder() {
        assertTrue(budget.acquire(60).isDone());
        CompletableFuture<Void> large = budget.acquire(70);
        CompletableFuture<Void> small = budget.acquire(10);
        assertFalse(large.isDone());
        assertFalse(small.isDone(), "it would fit, but came later");
        assertFalse(budget.tryAcquire(1));
        budget.release(60);
        assertTrue(large.isDone());
        assertTrue(small.isDone());
        assertEquals(80, budget.used());
    }

    @Test
    void whatIsInMemoryAlreadyHoldsOthersBack() {
        budget.charge(130);
        CompletableFuture<Void> next = budget.acquire(10);
        assertFalse(next.isDone());
        budget.release(130);
        assertTrue(next.isDone());
        assertEquals(10, budget.used());
    }

    @Test
    void whoWaitsTooLongIsSentAwayAndTakesNothing() {
        MemoryBudget impatient = new MemoryBudget(100, Duration.ofMillis(20), Runnable::run);
        impatient.charge(100);
        CompletionException e = assertThrows(
                CompletionException.class, () -> impatient.acquire(50).join());
        TidemarkException told = (TidemarkException) ErrorAnswer.unwrap(e);
        assertEquals(ErrorKind.RETRY, told.kind());
        assertTrue(told.getMessage().contains("100 of 100 bytes"), told.getMessage());
        impatient.release(100);
        assertEquals(0, impatient.used());
        assertTrue(impatient.acquire(100).isDone());
    }
}
