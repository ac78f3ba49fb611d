package io.tidemark.bench.restart;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Where in the engine a thread spends its time: the package of its innermost frame there, looked at every few milliseconds. */
final class StackSamples implements AutoCloseable {
    private static final long EVERY_NANOS = 2_000_000;
    private static final String ENGINE = "io.tidemark.engine.";

    private final Thread sampled;
    private final Thread sampler;
    private final Map<String, Integer> counts = new TreeMap<>();
    private int samples;
    private volatile boolean over;

    private StackSamples(Thread sampled) {
        this.sampled = sampled;
        this.sampler = new Thread(this::sample, "stack-samples");
        sampler.setDaemon(true);
    }

    static StackSamples of(Thread thread) {
        StackSamples samples = new StackSamples(thread);
        samples.sampler.start();
        return samples;
    }

    private void sample() {
        while (!over) {
            LockSupport.parkNanos(EVERY_NANOS);
            StackTraceElement[] stack = sampled.getStackTrace();
            synchronized (this) {
                samples++;
                counts.merge(room(stack), 1, Integer::sum);
            }
        }
    }

    /** {@code wal} for a frame in {@code io.tidemark.engine.wal}; a method too where a library does the work. */
    private static String room(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(ENGINE)) {
                String[] names = frame.getClassName().substring(ENGINE.length()).split("[.$]");
                return names[names.length > 1 ? 1 : 0] + "." + frame.getMethodName();
            }
        }
        return "elsewhere";
    }

    /** The largest shares, {@code WalRecovery.read 40 %, …}. */
    synchronized String shares(int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(entry -> entry.getKey() + " " + 100 * entry.getValue() / Math.max(1, samples) + " %")
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(sampler);
    }
}
