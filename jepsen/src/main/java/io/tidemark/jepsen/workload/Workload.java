package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several processes that make calls until they are told to stop. {@link #stop} waits for the calls in flight.
 *
 * <p>A process whose call was not done or is unclear rests for a moment, so that an outage does not fill the history.
 */
public abstract class Workload implements AutoCloseable {

    private static final Duration REST = Duration.ofMillis(50);
    private static final int STAGGER_PARTS = 1_000;

    /** One process: one sequential caller with what it needs. Used by one thread. */
    interface Actor extends AutoCloseable {
        /** Makes one or a few calls; answers false if the process should rest. */
        boolean step(Random random);

        @Override
        void close();
    }

    private final Recorder history;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean stopped;
    private Duration stagger = Duration.ZERO;

    /** A workload that has not begun. */
    protected Workload(Recorder history) {
        this.history = history;
    }

    /** A new process. Called in its own thread. */
    abstract Actor open(int process);

    final Recorder history() {
        return history;
    }

    /** Where processes get their numbers in the history. */
    final AtomicInteger numbers() {
        return numbers;
    }

    /**
     * Lets each process rest between its steps, up to twice this. Before {@link #begin}.
     *
     * @param mean zero = never, which is so unless told otherwise
     */
    public Workload staggered(Duration mean) {
        stagger = mean;
        return this;
    }

    /** Starts the processes; each has a random generator of its own, so a run is a function of seed and timing only. */
    public void begin(int processes, long seed) {
        for (int i = 0; i < processes; i++) {
            int process = i;
            Thread thread = new Thread(() -> run(process, new Random(seed + process)), "process-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(int process, Random random) {
        try (Actor actor = open(process)) {
            while (!stopped) {
                boolean done = actor.step(random);
                Waiting.pause(
                        done
                                ? stagger.multipliedBy(2 * random.nextInt(STAGGER_PARTS))
                                        .dividedBy(STAGGER_PARTS)
                                : REST);
            }
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }

    /** Ends all processes after their calls in flight, bounded, and fails if one of them broke. */
    public void stop() {
        close();
        for (Thread thread : threads) {
            Waiting.until(thread.getName() + " ended", Duration.ofMinutes(2), thread::isAlive, alive -> !alive);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a process of the workload broke", failures.peek());
        }
    }

    /** Once it has stopped and the cluster is whole: reads what a judge wants to see at the end, bounded. */
    public void finish() {
        // most judges need no more
    }

    /** Tells the processes to end and does not wait. */
    @Override
    public void close() {
        stopped = true;
    }
}
