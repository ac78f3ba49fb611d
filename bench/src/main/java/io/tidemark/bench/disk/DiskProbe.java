package io.tidemark.bench.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Appends a block and syncs it ({@code fdatasync}), again and again: what a log does that shares its sync with no one.
 * With three writers, each on a file of its own, it is what three replicas on one disk do.
 */
public final class DiskProbe {
    private static final long HIGHEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoClock;
    private final Path directory;

    /** @param directory must exist; its disk is the one that is probed */
    public DiskProbe(LongSupplier nanoClock, Path directory) {
        this.nanoClock = nanoClock;
        this.directory = directory;
    }

    /**
     * @param writers files written at once
     * @param nanos latency of each append and sync, nanoseconds, of all writers
     * @param seconds how long the slowest writer took
     */
    public record DiskRate(int blockBytes, int writers, Histogram nanos, double seconds) {
        public double syncsPerSecond() {
            return nanos.getTotalCount() / seconds;
        }

        /** Microseconds below which this share of the syncs, in percent, stayed. */
        public double microsAt(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /** The four probes of the report: 4 KiB by one and by three writers, 1 MiB by one and by three. */
    public List<DiskRate> all(Duration each) {
        List<DiskRate> rates = new ArrayList<>();
        for (int blockBytes : new int[] {4 << 10, 1 << 20}) {
            for (int writers : new int[] {1, 3}) {
                rates.add(probe(blockBytes, writers, each));
            }
        }
        return rates;
    }

    /** Appends and syncs for {@code length}; the files are gone afterwards. */
    public DiskRate probe(int blockBytes, int writers, Duration length) {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            long begun = nanoClock.getAsLong();
            List<Callable<Histogram>> work = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                work.add(() -> append(blockBytes, length.toNanos()));
            }
            Histogram all = histogram();
            for (Future<Histogram> done : threads.invokeAll(work)) {
                all.add(done.get());
            }
            return new DiskRate(blockBytes, writers, all, (nanoClock.getAsLong() - begun) / 1e9);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing " + directory, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot probe " + directory + ": " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Histogram append(int blockBytes, long lengthNanos) {
        Histogram latencies = histogram();
        try {
            Path file = Files.createTempFile(directory, "probe", ".log");
            byte[] bytes = new byte[blockBytes];
            new Random(blockBytes).nextBytes(bytes);
            ByteBuffer block = ByteBuffer.allocateDirect(blockBytes).put(bytes);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                long end = nanoClock.getAsLong() + lengthNanos;
                for (long now = end - lengthNanos; now - end < 0; ) {
                    block.rewind();
                    while (block.hasRemaining()) {
                        channel.write(block);
                    }
                    channel.force(false);
                    long then = nanoClock.getAsLong();
                    latencies.recordValue(Math.min(HIGHEST_NANOS, then - now));
                    now = then;
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return latencies;
    }

    private static Histogram histogram() {
        return new Histogram(HIGHEST_NANOS, 3);
    }
}
