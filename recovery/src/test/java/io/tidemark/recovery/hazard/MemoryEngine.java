package io.tidemark.recovery.hazard;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.store.SimulatedPageTable;
import java.nio.file.Path;

/** Small engines: pages of 1 KiB and a pool that holds all of them. */
final class MemoryEngine {
    static final EngineOptions OPTIONS = new EngineOptions(1024, 64, 400 * 1024L, 1 << 16, 1 << 20, 8, 0, false);

    private MemoryEngine() {}

    /** An empty one, without a disk. */
    static Engine open() {
        SimulatedDisk disk = new SimulatedDisk();
        EngineFiles files = new EngineFiles(Path.of("/engine"));
        SimulatedPageTable table = new SimulatedPageTable(disk, files.table(), Halt.THROW);
        return Engine.open(files.open(disk, table, OPTIONS, new MetricRegistry(), Halt.THROW), OPTIONS);
    }

    /** One with files. */
    static Engine open(Path directory) {
        return Engine.open(directory, OPTIONS, new MetricRegistry(), Halt.THROW);
    }
}
