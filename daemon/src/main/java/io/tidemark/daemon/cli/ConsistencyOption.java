package io.tidemark.daemon.cli;

import io.tidemark.client.Consistency;
import picocli.CommandLine.Option;

/** {@code --consistency}. */
final class ConsistencyOption {
    @Option(
            names = "--consistency",
            paramLabel = "LEVEL",
            defaultValue = "linearizable",
            description = "linearizable: see every acknowledged write; local: what one node has, which may lag"
                    + " (default: ${DEFAULT-VALUE})")
    private Consistency level;

    Consistency consistency() {
        return level;
    }
}
