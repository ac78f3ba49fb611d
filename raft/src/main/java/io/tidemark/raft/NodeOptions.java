package io.tidemark.raft;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.BatchOptions;
import io.tidemark.raft.node.PeerChains;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Function;

/**
 * What a node is made of.
 *
 * @param dir the node's directory; the node keeps {@code engine/}, {@code raft/} and {@code formed} in it
 * @param engine opens the engine in the directory given
 * @param shipping makes what connects the node to S3
 * @param batch how writes are joined
 * @param limits when writes are slowed and refused
 * @param chains asks the other members for their chain values (rule C1)
 * @param clock wall clock, carried in entries by the leader
 * @param halt ends the process when its state can no longer be explained
 */
public record NodeOptions(
        Path dir,
        NodeIdentity identity,
        Function<Path, StorageEngine> engine,
        Shipping.Factory shipping,
        BatchOptions batch,
        AdmissionLimits limits,
        PeerChains chains,
        Clock clock,
        MetricRegistry metrics,
        Halt halt) {}
