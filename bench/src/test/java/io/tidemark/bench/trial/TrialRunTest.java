package io.tidemark.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Row.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small share of what {@code bench/run engine} does, for every engine, in this process. */
class TrialRunTest {
    private static final int RECORDS = 2000;
    private static final int VALUE_BYTES = 100;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void everyRowOfEveryEngineHasAFigureAndEveryAnswerIsRight(Peer peer) throws IOException {
        Set<Row> measured = new TreeSet<>();
        for (Group group : Group.values()) {
            Trial trial = trial(peer, group);
            new TrialRun(trial, System::nanoTime).run(() -> {});
            FigureFile.Read read = trial.figures().read();
            assertTrue(read.hasEnded() && read.failure() == null, () -> group + " ended with " + read.end());
            for (Figure figure : read.figures()) {
                assertTrue(figure.operations() > 0 && figure.nanos() > 0, figure::toString);
                assertEquals(figure, Figure.parse(figure.line()));
                measured.add(figure.row());
            }
        }
        assertEquals(EnumSet.allOf(Row.class), measured);
    }

    private Trial trial(Peer peer, Group group) {
        Set<Row> rows = EnumSet.allOf(Row.class);
        rows.removeIf(row -> row.group() != group && row != Row.REOPEN_KILLED);
        return new Trial(
                peer,
                group,
                rows,
                directory,
                RECORDS,
                VALUE_BYTES,
                new Memory(16 << 20),
                Duration.ofMillis(20),
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                1);
    }
}
