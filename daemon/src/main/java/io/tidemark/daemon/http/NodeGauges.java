package io.tidemark.daemon.http;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The node's marks as metrics, {@code tidemark.node.*}: what {@code /v1/status} says in numbers. */
final class NodeGauges {
    private final MetricRegistry metrics;
    private final NodeHolder node;

    private NodeGauges(MetricRegistry metrics, NodeHolder node) {
        this.metrics = metrics;
        this.node = node;
    }

    static void register(MetricRegistry metrics, NodeHolder node) {
        NodeGauges gauges = new NodeGauges(metrics, node);
        gauges.number("term", StatusReport::term);
        gauges.number("committed", StatusReport::committed);
        gauges.number("applied", StatusReport::applied);
        gauges.number("durable", StatusReport::durable);
        gauges.number("s3.high.water.mark", StatusReport::s3HighWaterMark);
        gauges.number("raft.low.water.mark", StatusReport::raftLowWaterMark);
        gauges.number("raft.first.index", StatusReport::raftFirstIndex);
        gauges.number("checkpoint.lsn", StatusReport::checkpointLsn);
        gauges.number("lag.bytes", StatusReport::lagBytes);
        gauges.decimal("lag.seconds", StatusReport::lagSeconds);
        gauges.number("checked.moves", StatusReport::checkedMoves);
        gauges.number("leader", s -> s.role().equals("LEADER") ? 1 : 0);
        gauges.number("s3.available", s -> s.s3() != null && s.s3().available() ? 1 : 0);
        metrics.gauge("tidemark.node.ready", () -> () -> node.get().notReady().isPresent() ? 0 : 1);
    }

    private void number(String name, ToLongFunction<StatusReport> value) {
        metrics.<Gauge<Long>>gauge(
                "tidemark.node." + name,
                () -> () -> value.applyAsLong(node.get().status()));
    }

    private void decimal(String name, ToDoubleFunction<StatusReport> value) {
        metrics.<Gauge<Double>>gauge(
                "tidemark.node." + name,
                () -> () -> value.applyAsDouble(node.get().status()));
    }
}
