package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.recovery.ScratchPages;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;

/** An engine of a command, outside of any node: what a daemon must die of is an error here. */
public final class ScratchEngine {
    private ScratchEngine() {}

    /** Opens or makes the store in this directory with the options that daemons use. */
    public static StorageEngine open(Path directory, Settings settings) {
        return Engine.open(directory, new NodeSettings(settings).engine(), new MetricRegistry(), Halt.THROW);
    }

    /** A directory for a store that begins with its pages in S3 and fetches those that are asked for (rule CT5). */
    public static StoreDirectory over(ObjectStore store, Path directory, Settings settings) {
        ColdPages cold = new ScratchPages(new PackedPages(store, System::nanoTime));
        return new StoreDirectory(directory, path -> open(path, cold, settings), cold);
    }

    private static StorageEngine open(Path directory, ColdPages cold, Settings settings) {
        EngineOptions options = new NodeSettings(settings).engine();
        Disk disk = new RealDisk();
        EngineFiles files = new EngineFiles(directory);
        return Engine.open(
                files.open(disk, files.lmdb(disk, Halt.THROW), options, cold, new MetricRegistry(), Halt.THROW),
                options);
    }
}
