package io.tidemark.daemon.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** The process' memory and threads as metrics, {@code jvm.*}; bytes, milliseconds. */
final class ProcessGauges {
    private ProcessGauges() {}

    static void register(MetricRegistry metrics) {
        gauge(
                metrics,
                "jvm.heap.used.bytes",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        gauge(
                metrics,
                "jvm.heap.max.bytes",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax());
        gauge(metrics, "jvm.threads", () ->
                (long) ManagementFactory.getThreadMXBean().getThreadCount());
        gauge(
                metrics,
                "jvm.uptime.millis",
                () -> ManagementFactory.getRuntimeMXBean().getUptime());
        gauge(
                metrics,
                "jvm.gc.millis",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum());
        gauge(
                metrics,
                "jvm.direct.bytes",
                () -> ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum());
    }

    private static void gauge(MetricRegistry metrics, String name, Gauge<Long> value) {
        metrics.<Gauge<Long>>gauge(name, () -> value);
    }
}
