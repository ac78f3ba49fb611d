package io.tidemark.jepsen.command;

import io.tidemark.jepsen.checker.Checkers;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code FILE} and how it is to be judged. What is wrong with it is wrong usage. */
final class HistoryFile {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a history, JSON lines")
    private Path file;

    @Option(names = "--workload", paramLabel = "W", description = "whose checker judges; default: what the file says")
    private String workload;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "120",
            description = "give up after so long; then the verdict is unknown (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--states",
            paramLabel = "N",
            defaultValue = "4000000",
            description = "states of one search to remember (default: ${DEFAULT-VALUE})")
    private int states;

    Path path() {
        return file;
    }

    History read() {
        try {
            return History.read(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The history with the workload that was asked for. */
    History named(History history) {
        if (workload == null) {
            return history;
        }
        Header h = history.header();
        Header named =
                new Header(workload, h.nemesis(), h.seed(), h.commit(), h.command(), h.started(), h.parameters());
        return new History(named, history.events(), history.torn());
    }

    Verdict judge(History history) {
        String name = history.header().workload();
        if (name.equals(Header.UNKNOWN_WORKLOAD)) {
            throw new ParameterException(
                    spec.commandLine(),
                    file + " does not say its workload: name it with --workload, one of "
                            + String.join(", ", Checkers.workloads()));
        }
        Limits limits = Limits.standard().withTime(Duration.ofSeconds(seconds)).withStates(states);
        try {
            return Checkers.check(history, name, limits);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), file + " cannot be judged as " + name + ": " + e.getMessage(), e);
        }
    }
}
