package io.tidemark.bench.shipping;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.load.ClosedLoop;
import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.process.Await;
import io.tidemark.bench.process.WrittenBytes;
import io.tidemark.bench.shipping.ShippingFigures.Rates;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.Settings;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PutOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Measures one cluster. One thread, beside those of the client and of plain PUTs. */
public final class ShippingRun {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int WRITES_IN_FLIGHT = 16;
    private static final String PREFIX = "s3_requests_";

    private final LongSupplier nanoClock;
    private final TidemarkCluster cluster;
    private final ShippingPlan plan;
    private final Consumer<String> progress;
    private final Random random = new Random(7);
    private final List<Rates> rates = new ArrayList<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private Measurement with;
    private Measurement without;
    private long putBytes;
    private long sentBytes;
    private long localBytes;
    private int plainRuns;

    public ShippingRun(LongSupplier nanoClock, TidemarkCluster cluster, ShippingPlan plan, Consumer<String> progress) {
        this.nanoClock = nanoClock;
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    public ShippingFigures measure() throws IOException {
        window(plan.rounds());
        for (int round = 0; round < plan.rounds(); round++) {
            rate();
            withShipping(round);
            withoutShipping(round);
        }
        return new ShippingFigures(List.copyOf(rates), with, without, putBytes, requests, sentBytes, localBytes);
    }

    private Measurement window(int seed) {
        Measurement measured =
                new ClosedLoop(nanoClock, seed).run(cluster, plan.workload(), plan.window(), ClosedLoop.Observer.NONE);
        if (measured.failures() > 0) {
            throw new IllegalStateException("writes failed: " + measured.firstFailure());
        }
        return measured;
    }

    private void settle() {
        Await.until("S3 has all that was written", LIMIT, cluster::rest);
    }

    /** A backlog is shipped; then the same segments are put plainly. */
    private void rate() throws IOException {
        settle();
        try (ObjectStore store = store()) {
            Set<String> before = new HashSet<>(segments(store));
            cluster.stopStore();
            writeBacklog();
            long lag = cluster.unshippedBytes().orElseThrow();
            cluster.startStore();
            Await.until("shipping began", LIMIT, () -> cluster.unshippedBytes().orElse(lag) < lag);
            long began = nanoClock.getAsLong();
            long bytes = cluster.unshippedBytes().orElseThrow();
            Await.until(
                    "the backlog is shipped",
                    LIMIT,
                    () -> cluster.unshippedBytes().orElse(lag) == 0);
            double shipped = bytes * 1e9 / (nanoClock.getAsLong() - began);
            settle();
            List<String> keys = new ArrayList<>(segments(store));
            keys.removeAll(before);
            rates.add(new Rates(bytes, shipped, plain(store, keys)));
            progress.accept("rates: " + rates.get(rates.size() - 1));
        }
    }

    private ObjectStore store() {
        S3Location place = new ClusterDirectory(cluster.root()).cluster().s3();
        return ObjectStores.open(place, Settings.standard(), new MetricRegistry());
    }

    private static List<String> segments(ObjectStore store) {
        return store.list("", null).stream()
                .map(ObjectStore.ObjectInfo::key)
                .filter(key -> key.endsWith(".seg"))
                .toList();
    }

    private void writeBacklog() {
        Semaphore free = new Semaphore(WRITES_IN_FLIGHT);
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (long written = 0; written < plan.backlogBytes(); written += plan.backlogValueBytes()) {
            byte[] value = new byte[plan.backlogValueBytes()];
            random.nextBytes(value);
            byte[] key = ("backlog-" + random.nextInt(1_000)).getBytes(StandardCharsets.US_ASCII);
            free.acquireUninterruptibly();
            writes.add(cluster.write(key, value).whenComplete((done, failure) -> free.release()));
        }
        writes.forEach(CompletableFuture::join);
    }

    /** Bytes per second; the bytes are in memory before the clock runs. */
    private double plain(ObjectStore store, List<String> keys) {
        String folder = "plain-" + plainRuns++ + "/";
        List<Callable<PutOutcome>> puts = new ArrayList<>();
        long bytes = 0;
        for (String key : keys) {
            byte[] object = store.get(key).orElseThrow();
            bytes += object.length;
            puts.add(() -> store.putIfAbsent(folder + key.replace('/', '_'), object));
        }
        ExecutorService threads = Executors.newFixedThreadPool(plan.parallel());
        try {
            long began = nanoClock.getAsLong();
            for (Future<PutOutcome> put : threads.invokeAll(puts)) {
                if (put.get() != PutOutcome.CREATED) {
                    throw new IllegalStateException("a plain PUT ended with " + put.get());
                }
            }
            return bytes * 1e9 / (nanoClock.getAsLong() - began);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a plain PUT failed", e);
        } finally {
            threads.shutdown();
        }
    }

    /** What is asked of S3 and disks counts until S3 has all of it, warm-up included on both sides. */
    private void withShipping(int seed) throws IOException {
        settle();
        Map<String, Double> before = cluster.metrics();
        long written = writtenBytes();
        long put = cluster.putBytes();
        Measurement measured = window(seed);
        with = with == null ? measured : with.plus(measured);
        settle();
        Map<String, Double> after = cluster.metrics();
        localBytes += writtenBytes() - written;
        sentBytes += difference(before, after, "s3_bytes_sent_total");
        putBytes += cluster.putBytes() - put;
        after.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> requests.merge(
                        name.substring(PREFIX.length()).replace("_total", ""),
                        difference(before, after, name),
                        Long::sum));
        progress.accept("with shipping: p99 " + measured.millisAt(99) + " ms");
    }

    private void withoutShipping(int seed) throws IOException {
        cluster.stopStore();
        Measurement measured = window(seed);
        without = without == null ? measured : without.plus(measured);
        cluster.startStore();
        progress.accept("without: p99 " + measured.millisAt(99) + " ms");
    }

    private static long difference(Map<String, Double> before, Map<String, Double> after, String name) {
        return Math.round(after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0));
    }

    private long writtenBytes() throws IOException {
        long sum = 0;
        for (var node : cluster.nodes()) {
            sum += WrittenBytes.of(node.pid());
        }
        return sum;
    }
}
