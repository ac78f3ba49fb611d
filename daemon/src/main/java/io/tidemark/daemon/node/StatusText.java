package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.http.StatusReport;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine;
import io.tidemark.raft.NodeStatus;
import java.time.Clock;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Fills in the status that a node answers. */
final class StatusText {
    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final NodeAddress node;
    private final Clock clock;
    private final Supplier<String> s3Error;

    /** @param s3Error what S3 answered last when that was an error, else null */
    StatusText(
            ClusterDirectory directory, ClusterFile cluster, NodeAddress node, Clock clock, Supplier<String> s3Error) {
        this.directory = directory;
        this.cluster = cluster;
        this.node = node;
        this.clock = clock;
        this.s3Error = s3Error;
    }

    StatusReport of(NodeStatus status, Retention retention) {
        return new StatusReport(
                cluster.cluster(),
                cluster.history(),
                node.name(),
                status.identity().self().incarnation(),
                ProcessHandle.current().pid(),
                status.role().name(),
                status.term(),
                status.leader(),
                status.committed(),
                status.applied(),
                status.durable(),
                status.s3HighWaterMark(),
                status.raftLowWaterMark(),
                status.raftFirstIndex(),
                status.checkpointLsn(),
                status.applied(),
                HexFormat.of().toHexDigits(status.redoChain()),
                status.lagBytes(),
                status.lagSeconds(),
                node.http(),
                node.raft(),
                directory.node(node.name()).toString(),
                clock.millis(),
                status.checkedMoves(),
                StatusReport.Kept.of(retention),
                s3(),
                tier(status.tier()));
    }

    /** Before there is a node: it catches up, or waits to be taken in. */
    StatusReport beforeTheNode() {
        return new StatusReport(
                cluster.cluster(),
                cluster.history(),
                node.name(),
                0,
                ProcessHandle.current().pid(),
                NodeStatus.Role.CATCHING_UP.name(),
                0,
                null,
                -1,
                -1,
                -1,
                -1,
                -1,
                -1,
                -1,
                -1,
                null,
                0,
                0,
                node.http(),
                node.raft(),
                directory.node(node.name()).toString(),
                clock.millis(),
                0,
                StatusReport.Kept.of(Retention.NONE),
                s3(),
                null);
    }

    private static StatusReport.Tier tier(StorageEngine.Tier tier) {
        return new StatusReport.Tier(
                tier.localBytes(), tier.coldPages(), tier.faults(), tier.evicted(), tier.hitRate(), tier.waits());
    }

    private StatusReport.S3 s3() {
        S3Location s3 = cluster.s3();
        String error = s3Error.get();
        return new StatusReport.S3(s3.endpoint(), s3.bucket(), s3.prefix(), error == null, error);
    }
}
