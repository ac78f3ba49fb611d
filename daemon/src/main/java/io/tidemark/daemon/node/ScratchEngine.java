package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import java.nio.file.Path;

/** An engine of a command, outside of any node: what a daemon must die of is an error here. */
public final class ScratchEngine {
    private ScratchEngine() {}

    /** Opens or makes the store in this directory with the options that daemons use. */
    public static StorageEngine open(Path directory, Settings settings) {
        return Engine.open(directory, new NodeSettings(settings).engine(), new MetricRegistry(), Halt.THROW);
    }
}
