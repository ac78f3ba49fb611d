package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One sequential caller: records each call before it is made and its end after it is known. After an unclear end it goes
 * on under a new number, as histories demand.
 */
final class Caller {

    private final Recorder history;
    private final Registers registers;
    private final AtomicInteger numbers;
    private int number;

    Caller(Recorder history, Registers registers, AtomicInteger numbers) {
        this.history = history;
        this.registers = registers;
        this.numbers = numbers;
        this.number = numbers.getAndIncrement();
    }

    Registers.Answer read(String key) {
        history.invoke(number, "read", pair(key, null));
        Registers.Answer answer = registers.read(key);
        return ended("read", answer, pair(key, answer.value()));
    }

    Registers.Answer write(String key, String value) {
        history.invoke(number, "write", pair(key, value));
        return ended("write", registers.write(key, value), pair(key, value));
    }

    /** Writes {@code to} if the key still is as it was when it held {@code from} at {@code version}. */
    Registers.Answer swap(String key, String from, String version, String to) {
        return swap(key, from, version, to, to);
    }

    /** The same with more bytes: {@code to} stands for them in the history. */
    Registers.Answer swap(String key, String from, String version, String to, String bytes) {
        List<Object> value = Arrays.asList(key, Arrays.asList(from, to));
        history.invoke(number, "cas", value);
        return ended("cas", registers.swap(key, version, bytes), value);
    }

    private Registers.Answer ended(String f, Registers.Answer answer, List<?> value) {
        switch (answer.end()) {
            case DONE -> history.ok(number, f, value, Event.Seen.version(answer.version()));
            case CONDITION_FAILED -> history.fail(number, f, value, Operation.CONDITION_FAILED);
            case NOT_DONE -> history.fail(number, f, value, answer.detail());
            case UNKNOWN -> {
                history.info(number, f, value, answer.detail());
                number = numbers.getAndIncrement();
            }
        }
        return answer;
    }

    private static List<String> pair(String key, String value) {
        return Arrays.asList(key, value);
    }
}
