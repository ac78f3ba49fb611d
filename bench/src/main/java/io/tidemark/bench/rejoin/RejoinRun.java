package io.tidemark.bench.rejoin;

import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.load.Target.Node;
import io.tidemark.bench.process.Await;
import io.tidemark.bench.rejoin.TroubledStore.Trouble;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Fills one cluster, has a node that does not lead lose its disk under load, and times its way back. */
public final class RejoinRun {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int WRITES_IN_FLIGHT = 64;

    /** With its key and header it has a page of 8 KiB to itself. */
    private static final int VALUE_BYTES = 7_000;

    private final LongSupplier nanoClock;
    private final TidemarkCluster cluster;
    private final Consumer<String> progress;

    public RejoinRun(LongSupplier nanoClock, TidemarkCluster cluster, Consumer<String> progress) {
        this.nanoClock = nanoClock;
        this.cluster = cluster;
        this.progress = progress;
    }

    /**
     * @param trouble with S3 from when the disk is lost on
     * @param begin has it begin
     */
    public Rejoined measure(long mebibytes, Trouble trouble, Consumer<Trouble> begin) {
        long rows = (mebibytes << 20) / VALUE_BYTES;
        fill(rows);
        progress.accept(mebibytes + " MiB are there");
        Await.until("S3 has all that was written", LIMIT, cluster::rest);
        String leader = cluster.leader().name();
        Node victim = cluster.nodes().stream()
                .filter(node -> !node.name().equals(leader))
                .findFirst()
                .orElseThrow();
        begin.accept(trouble);
        cluster.loseDisk(victim);
        progress.accept(victim.name() + " has lost its disk");
        try (Writer writer = new Writer()) {
            long begun = nanoClock.getAsLong();
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> cluster.start(victim.name()));
            Await.until(
                    victim.name() + " gives a right answer",
                    LIMIT,
                    () -> started.isCompletedExceptionally() || answers(victim.name(), rows / 2));
            double read = seconds(begun);
            started.join();
            double voter = seconds(begun);
            double rate = writer.done.get() / voter;
            long cold = cluster.coldPages(victim.name());
            progress.accept(String.format(Locale.ROOT, "read after %.1f s, votes after %.1f s", read, voter));
            Await.until("its pages have come", LIMIT, () -> cluster.coldPages(victim.name()) == 0);
            return new Rejoined(mebibytes, trouble, read, voter, cold, seconds(begun), rate);
        }
    }

    private double seconds(long begun) {
        return (nanoClock.getAsLong() - begun) / 1e9;
    }

    private void fill(long rows) {
        Semaphore free = new Semaphore(WRITES_IN_FLIGHT);
        CompletableFuture<?> failed = new CompletableFuture<>();
        for (long row = 0; row < rows; row++) {
            free.acquireUninterruptibly();
            cluster.write(key(row), value(row)).whenComplete((done, failure) -> {
                free.release();
                if (failure != null) {
                    failed.completeExceptionally(failure);
                }
            });
            if (failed.isCompletedExceptionally()) {
                failed.join();
            }
        }
        free.acquireUninterruptibly(WRITES_IN_FLIGHT);
    }

    private static byte[] key(long row) {
        return String.format(Locale.ROOT, "row-%012d", row).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] value(long row) {
        byte[] value = new byte[VALUE_BYTES];
        new Random(row).nextBytes(value);
        return value;
    }

    /** Whether it has the row; a wrong one is no answer but the end. */
    private boolean answers(String node, long row) {
        return cluster.readAt(node, key(row))
                .map(found -> {
                    if (!Arrays.equals(value(row), found)) {
                        throw new TidemarkException(ErrorKind.CORRUPT, node + " gives a wrong row " + row);
                    }
                    return true;
                })
                .orElse(false);
    }

    /** One write after another, until this is closed. */
    private final class Writer implements AutoCloseable {
        private final AtomicLong done = new AtomicLong();
        private final Thread thread = new Thread(this::run, "writer");
        private volatile boolean closed;

        Writer() {
            thread.start();
        }

        private void run() {
            byte[] value = new byte[1024];
            for (long i = 0; !closed; i++) {
                cluster.write(("load-" + i % 10_000).getBytes(StandardCharsets.US_ASCII), value)
                        .join();
                done.incrementAndGet();
            }
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
