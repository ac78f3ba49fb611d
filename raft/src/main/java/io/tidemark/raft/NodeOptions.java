package io.tidemark.raft;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.BatchOptions;
import io.tidemark.raft.guard.UnfitException;
import io.tidemark.raft.node.PeerChains;
import io.tidemark.raft.node.PeerClocks;
import io.tidemark.raft.node.S3Shipping;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * What a node is made of.
 *
 * @param dir the node's directory; the node keeps {@code engine/}, {@code raft/}, {@code checkpoint/} and {@code formed} in it
 * @param engine opens the engine in the directory given
 * @param coldStart how a node begins that has no disk
 * @param shipping makes what connects the node to S3
 * @param batch how writes are joined
 * @param limits when writes are slowed and refused
 * @param chains asks the other members for their chain values (rule C1)
 * @param clocks asks the other members what time they have (rule E7)
 * @param sessionIdle sessions that were not used for longer are ended
 * @param clock wall clock, carried in entries by the leader
 * @param halt ends the process when its state can no longer be explained
 */
public record NodeOptions(
        Path dir,
        NodeIdentity identity,
        Function<Path, StorageEngine> engine,
        ColdStart coldStart,
        Shipping.Factory shipping,
        BatchOptions batch,
        AdmissionLimits limits,
        PeerChains chains,
        PeerClocks clocks,
        Duration sessionIdle,
        Clock clock,
        MetricRegistry metrics,
        Halt halt) {
    /** Long past what any client waits, so that no retry finds its session gone. */
    public static final Duration SESSION_IDLE = Duration.ofHours(1);

    /** A client of ours still uses a session that has been idle for a minute. */
    public static final Duration SESSION_IDLE_MIN = Duration.ofMinutes(2);

    /**
     * A node over the real engine and an object store, with default batching. Pages that have left its disk are in that store
     * too.
     *
     * @param store stays open when the node is closed
     */
    public static NodeOptions of(
            Path dir,
            NodeIdentity identity,
            EngineOptions engine,
            AdmissionLimits limits,
            ShipperOptions shipper,
            ObjectStore store,
            PeerChains chains,
            PeerClocks clocks,
            MetricRegistry metrics,
            Halt halt) {
        HistoryReader past = new HistoryReader(store);
        ColdPages cold = new PackedPages(store, System::nanoTime, () -> past.floor(identity.history()));
        return of(dir, identity, engine, limits, shipper, store, cold, chains, clocks, metrics, halt);
    }

    /**
     * As above.
     *
     * @param cold where pages are that have left the node's disk
     */
    public static NodeOptions of(
            Path dir,
            NodeIdentity identity,
            EngineOptions engine,
            AdmissionLimits limits,
            ShipperOptions shipper,
            ObjectStore store,
            ColdPages cold,
            PeerChains chains,
            PeerClocks clocks,
            MetricRegistry metrics,
            Halt halt) {
        return new NodeOptions(
                dir,
                identity,
                path -> open(new EngineFiles(path), engine, cold, metrics, halt),
                new ColdStart(cold, ColdStart.FILL_BYTES_PER_SECOND),
                S3Shipping.over(
                        identity.history(), store, shipper, dir.resolve("checkpoint"), Pace.system(), metrics, halt),
                BatchOptions.over(engine),
                limits,
                chains,
                clocks,
                SESSION_IDLE,
                Clock.systemUTC(),
                metrics,
                halt);
    }

    private static Engine open(
            EngineFiles files, EngineOptions options, ColdPages cold, MetricRegistry metrics, Halt halt) {
        Disk disk = new RealDisk();
        try {
            return Engine.open(files.open(disk, files.lmdb(disk, halt), options, cold, metrics, halt), options);
        } catch (TidemarkException e) {
            throw e.kind() == ErrorKind.CORRUPT
                    ? new UnfitException("the store of this node is damaged: " + e.getMessage(), e)
                    : e;
        }
    }

    /** The same with another way of joining writes. */
    public NodeOptions withBatch(BatchOptions other) {
        return new NodeOptions(
                dir,
                identity,
                engine,
                coldStart,
                shipping,
                other,
                limits,
                chains,
                clocks,
                sessionIdle,
                clock,
                metrics,
                halt);
    }

    /** The same with another connection to S3. */
    public NodeOptions withShipping(Shipping.Factory other) {
        return new NodeOptions(
                dir,
                identity,
                engine,
                coldStart,
                other,
                batch,
                limits,
                chains,
                clocks,
                sessionIdle,
                clock,
                metrics,
                halt);
    }

    /** The same with sessions that end sooner or later. */
    public NodeOptions withSessionIdle(Duration other) {
        return new NodeOptions(
                dir, identity, engine, coldStart, shipping, batch, limits, chains, clocks, other, clock, metrics, halt);
    }

    /** The same, with pages that come in the background at another rate; 0: at any. */
    public NodeOptions withFill(long bytesPerSecond) {
        ColdStart other = new ColdStart(coldStart.pages(), bytesPerSecond);
        return new NodeOptions(
                dir,
                identity,
                engine,
                other,
                shipping,
                batch,
                limits,
                chains,
                clocks,
                sessionIdle,
                clock,
                metrics,
                halt);
    }
}
