package io.tidemark.daemon.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a process may take to end by itself. */
final class PatienceOption {
    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "kill a process that has not ended by then (default: ${DEFAULT-VALUE})")
    private int seconds;

    Duration time() {
        return Duration.ofSeconds(Math.max(0, seconds));
    }
}
