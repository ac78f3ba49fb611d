package io.tidemark.raft.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.raft.Shipping;
import io.tidemark.recovery.CheckpointLoad;
import io.tidemark.recovery.NewStore;
import io.tidemark.recovery.Replay;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.Shipper;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.checkpoint.CheckpointScratch;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/** The history in an object store. Does not close the store: who opened it does. */
public final class S3Shipping implements Shipping {
    private final String history;
    private final HistoryReader reader;
    private final Shipper shipper;

    private S3Shipping(String history, ObjectStore store, Shipper shipper) {
        this.history = history;
        this.reader = new HistoryReader(store);
        this.shipper = shipper;
    }

    /**
     * Ships to and replays from {@code store}.
     *
     * @param scratch directory for files of checkpoints under way
     */
    public static Shipping.Factory over(
            String history,
            ObjectStore store,
            ShipperOptions options,
            Path scratch,
            Pace pace,
            MetricRegistry metrics,
            Halt halt) {
        return new Shipping.Factory() {
            @Override
            public Shipping open(
                    StorageEngine engine, LogSource log, HighWaterProposer proposer, LongPredicate agreed) {
                CheckpointScratch files = new CheckpointScratch(
                        new RealDisk(), scratch, options.checkpoints().keepFreeBytes());
                files.clear();
                CheckpointTerm.Parts checkpoints = new CheckpointTerm.Parts(
                        options.checkpoints(),
                        history,
                        store,
                        engine::cut,
                        files,
                        engine::state,
                        agreed,
                        RandomGenerator.getDefault(),
                        metrics);
                Shipper shipper = new Shipper(
                        options,
                        history,
                        store,
                        log,
                        proposer,
                        engine::state,
                        pace,
                        RandomGenerator.getDefault(),
                        metrics,
                        halt,
                        Optional.of(checkpoints));
                return new S3Shipping(history, store, shipper);
            }

            @Override
            public long load(NewStore place) {
                return new CheckpointLoad(new HistoryReader(store)).into(place, history, Long.MAX_VALUE);
            }
        };
    }

    @Override
    public void lead() {
        shipper.lead();
    }

    @Override
    public void follow() {
        shipper.rest();
    }

    @Override
    public long replay(StorageEngine engine) {
        return new Replay(reader).toNewest(engine, history).mark();
    }

    @Override
    public String error() {
        return shipper.status().error();
    }

    @Override
    public String checkpointError() {
        return shipper.status().checkpointError();
    }

    @Override
    public void close() {
        shipper.close();
    }
}
