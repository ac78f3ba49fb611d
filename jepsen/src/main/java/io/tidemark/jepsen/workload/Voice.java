package io.tidemark.jepsen.workload;

import io.tidemark.client.ConditionFailedException;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One process of a history: records each call before it is made and its end after it is known. After an unclear end it
 * goes on under a new number, as histories demand. Used by one thread.
 */
final class Voice {

    private final Recorder history;
    private final AtomicInteger numbers;
    private int number;

    Voice(Recorder history, AtomicInteger numbers) {
        this.history = history;
        this.numbers = numbers;
        this.number = numbers.getAndIncrement();
    }

    /**
     * What the history says of a call that was done.
     *
     * @param value as the workload's judge reads it
     */
    record Done(Object value, Event.Seen seen) {}

    /** Makes a call that is done when its future is. */
    <T> Optional<T> ask(String f, Object value, Supplier<CompletableFuture<T>> call, Function<T, Done> done) {
        return tell(f, value, () -> TidemarkClient.await(call.get()), done);
    }

    /**
     * Makes a call; empty if it was not done or nobody knows. What a fault cannot cause is thrown.
     *
     * @param call throws a {@link TidemarkClientException} that says whether it was done
     */
    <T> Optional<T> tell(String f, Object value, Supplier<T> call, Function<T, Done> done) {
        history.invoke(number, f, value);
        try {
            T answer = call.get();
            Done said = done.apply(answer);
            history.ok(number, f, said.value(), said.seen());
            return Optional.of(answer);
        } catch (ConditionFailedException e) {
            history.fail(number, f, value, Operation.CONDITION_FAILED);
        } catch (TidemarkClientException e) {
            switch (e.kind()) {
                case OUTCOME_UNKNOWN -> {
                    history.info(number, f, value, e.getMessage());
                    number = numbers.getAndIncrement();
                }
                case RETRY, UNAVAILABLE, CONFLICT, NOT_FOUND -> history.fail(number, f, value, e.getMessage());
                case INVALID, NOT_IN_S3, CORRUPT, FATAL -> {
                    history.info(number, f, value, e.getMessage());
                    throw e;
                }
            }
        }
        return Optional.empty();
    }
}
