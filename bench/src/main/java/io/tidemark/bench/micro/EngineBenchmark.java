package io.tidemark.bench.micro;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Microseconds per command applied, per key read, per row scanned. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
public class EngineBenchmark {
    private static final int ROWS = 100;

    /** One put of 128 bytes per entry: what a lone writer costs. */
    @Benchmark
    public Object applyEntryOfOnePut(FilledEngine store) {
        return store.applySingle();
    }

    /** Per put, when 100 share an entry: what batching leaves. */
    @Benchmark
    @OperationsPerInvocation(FilledEngine.BATCH)
    public Object applyEntryOfHundredPuts(FilledEngine store) {
        return store.applyBatch();
    }

    /** A key that is there, in a page that is in the pool. */
    @Benchmark
    public Object getHit(FilledEngine store) {
        int key = ThreadLocalRandom.current().nextInt(FilledEngine.KEYS);
        return store.engine().get(FilledEngine.KEYSPACE, FilledEngine.key(key));
    }

    /** Per row, of 100 rows from a random key on. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Object scanHundredRows(FilledEngine store) {
        int from = ThreadLocalRandom.current().nextInt(FilledEngine.KEYS - ROWS);
        return store.engine().scan(FilledEngine.KEYSPACE, FilledEngine.key(from), null, ROWS, Long.MAX_VALUE);
    }
}
