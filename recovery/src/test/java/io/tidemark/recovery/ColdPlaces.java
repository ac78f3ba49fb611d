package io.tidemark.recovery;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;

/** Directories for stores whose pages may be in an object store alone. */
record ColdPlaces(ObjectStore store, EngineOptions options) {
    StoreDirectory at(Path directory) {
        ColdPages cold = new ScratchPages(new PackedPages(store, System::nanoTime));
        return new StoreDirectory(directory, path -> open(path, cold), cold);
    }

    private Engine open(Path directory, ColdPages cold) {
        Disk disk = new RealDisk();
        EngineFiles files = new EngineFiles(directory);
        return Engine.open(
                files.open(disk, files.lmdb(disk, Halt.THROW), options, cold, new MetricRegistry(), Halt.THROW),
                options);
    }
}
