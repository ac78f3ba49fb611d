package io.tidemark.bench.contest;

import io.tidemark.bench.process.Await;
import io.tidemark.bench.process.ChildJvm;
import io.tidemark.bench.trial.Figure;
import io.tidemark.bench.trial.FigureFile;
import io.tidemark.bench.trial.Row;
import io.tidemark.bench.trial.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs trials in JVMs of their own, the one after the other. */
final class TrialProcess {
    /** More of these than of caches and pools: what an engine makes of its memory is not its memory alone. */
    private static final long HEAP_BESIDE_MEMORY = 256 << 20;

    private final Class<?> main;
    private final Duration limit;

    /**
     * @param main knows the command {@link TrialArguments#COMMAND}
     * @param limit a trial that takes longer is killed
     */
    TrialProcess(Class<?> main, Duration limit) {
        this.main = main;
        this.limit = limit;
    }

    /**
     * Runs the trial and returns its figures. One of {@link Row.Group#USED} whose store is to be reopened is killed when
     * it has put what it does not sync.
     *
     * @param troubles gets a sentence when the trial failed; the figures before that still count
     */
    List<Figure> run(Trial trial, List<String> troubles) {
        Path log = trial.directory().resolve(trial.group() + ".log");
        FigureFile figures = trial.figures();
        ChildJvm child = ChildJvm.start(jvmArguments(trial), main, TrialArguments.of(trial), log);
        try {
            boolean ended = Await.holdsWithin(
                    limit, () -> !child.isAlive() || figures.read().hasEnded());
            FigureFile.Read read = figures.read();
            if (!ended) {
                troubles.add("killed after " + limit.toSeconds() + " s");
            } else if (!read.hasEnded()) {
                troubles.add("the process ended by itself: " + lastLine(log));
            } else if (read.failure() != null) {
                troubles.add(read.failure());
            }
            return read.figures();
        } finally {
            child.kill();
        }
    }

    private static List<String> jvmArguments(Trial trial) {
        long heap = 2 * trial.memory().bytes() + HEAP_BESIDE_MEMORY;
        List<String> arguments = new ArrayList<>(io.tidemark.bench.peer.Peer.jvmArguments());
        arguments.add("-Xmx" + (heap >> 20) + "m");
        arguments.add("-XX:+UseParallelGC");
        // Native libraries are unpacked there, and stay when the process is killed.
        arguments.add("-Djava.io.tmpdir=" + trial.directory());
        return arguments;
    }

    private static String lastLine(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
