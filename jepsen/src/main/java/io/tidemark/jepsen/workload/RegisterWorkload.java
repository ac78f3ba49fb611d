package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.history.Recorder;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All processes read, write and conditionally write the same few registers. Every value is written at most once. After
 * some operations a register is left alone and a new one takes its place, which keeps the search for an order short.
 */
public final class RegisterWorkload extends RegisterCalls {

    /** Registers in use at a time. */
    private static final int WIDTH = 3;
    /** Operations until a register is replaced. */
    private static final int OPERATIONS_PER_KEY = 120;

    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong values = new AtomicLong();

    /** A workload that has not begun. */
    public RegisterWorkload(Recorder history, Registers.Opener opener) {
        super(history, opener);
    }

    @Override
    boolean step(int process, Caller caller, Random random) {
        long round = operations.getAndIncrement() / ((long) WIDTH * OPERATIONS_PER_KEY);
        String key = "register/" + round + "/" + random.nextInt(WIDTH);
        int dice = random.nextInt(10);
        if (dice < 4) {
            return done(caller.read(key));
        }
        if (dice < 7) {
            return done(caller.write(key, nextValue()));
        }
        Registers.Answer seen = caller.read(key);
        return done(seen) && done(caller.swap(key, seen.value(), seen.version(), nextValue()));
    }

    private String nextValue() {
        return "v" + values.getAndIncrement();
    }

    private static boolean done(Registers.Answer answer) {
        return answer.end() == Registers.End.DONE || answer.end() == Registers.End.CONDITION_FAILED;
    }
}
