package io.tidemark.bench.trial;

import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What one process measures.
 *
 * @param peer the engine
 * @param group rows that share the process
 * @param rows those of the group that are wanted; what they stand on (the fill) is done all the same
 * @param directory of the trial; the store is within, and what the next trial must know
 * @param records put by a fill
 * @param valueBytes length of a value
 * @param memory of the engine
 * @param window length of a row that is no fill
 * @param warmUp length of the same work before it
 * @param processWarmUp for so long at most all kinds of work, on stores that are thrown away, before the first row
 * @param fillLimit a fill is measured for so long; what is missing then is put unmeasured before the rows that need it
 * @param seed of keys' order and values
 */
public record Trial(
        Peer peer,
        Row.Group group,
        Set<Row> rows,
        Path directory,
        int records,
        int valueBytes,
        Memory memory,
        Duration window,
        Duration warmUp,
        Duration processWarmUp,
        Duration fillLimit,
        long seed) {

    /** The store that is used, killed and opened again. */
    Path store() {
        return directory.resolve("store");
    }

    /** Where the figures go. */
    public FigureFile figures() {
        return new FigureFile(directory.resolve("figures-" + group + ".tsv"));
    }

    Path expected() {
        return directory.resolve("expected");
    }

    /** A store that is removed after a part of the trial. */
    Path store(String part) {
        return directory.resolve(part);
    }
}
