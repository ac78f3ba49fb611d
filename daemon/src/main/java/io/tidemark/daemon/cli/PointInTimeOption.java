package io.tidemark.daemon.cli;

import io.tidemark.recovery.Histories;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which state of a history is meant. */
final class PointInTimeOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @ArgGroup
    private Given given;

    /** One of both, or none. */
    static final class Given {
        @Option(
                names = "--at-lsn",
                paramLabel = "LSN",
                description = "the state after this entry (default: the newest)")
        private Long lsn;

        @Option(
                names = "--at-time",
                paramLabel = "TIME",
                description =
                        "the state at this time, as 2026-11-20T14:30:00Z; by the leaders' clocks. Reads the segments"
                                + " up to it once more")
        private String time;
    }

    boolean isGiven() {
        return given != null;
    }

    /** The LSN meant in this history; empty for the newest. */
    Optional<Long> lsn(Histories histories, String history) {
        if (given == null) {
            return Optional.empty();
        }
        return Optional.of(given.lsn != null ? given.lsn : histories.lsnAt(history, millis(given.time)));
    }

    private long millis(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--at-time is a time like 2026-11-20T14:30:00Z, not '" + text + "'", e);
        }
    }
}
