package io.tidemark.shipper;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** Runs what it is given when it is told to, in any order. Used by one thread. */
public final class LateWorkers implements Executor {
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public void execute(Runnable work) {
        waiting.add(work);
    }

    public int waiting() {
        return waiting.size();
    }

    /** The n-th that waits. */
    public void run(int n) {
        waiting.remove(n).run();
    }

    /** Some of what waits, or all, in any order. */
    public void runSome(Random random) {
        for (int count = random.nextInt(waiting.size() + 1); count > 0; count--) {
            run(random.nextInt(waiting.size()));
        }
    }
}
