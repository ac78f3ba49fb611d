package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.Engine;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/** Snapshots that are opened and closed at random while the log goes on: each is what was committed at its LSN, or too old. */
final class SnapshotWatch {
    private static final int OPEN_MAX = 3;

    private final LogScript script;
    private final Random random;
    private final Deque<Snapshot> open = new ArrayDeque<>();
    private Engine engine;

    SnapshotWatch(LogScript script, Random random) {
        this.script = script;
        this.random = random;
    }

    /** The engine that runs from now on. */
    void over(Engine started) {
        engine = started;
    }

    void act() {
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                if (open.size() < OPEN_MAX) {
                    open.add(engine.snapshot());
                }
            }
            case 2 -> {
                if (!open.isEmpty()) {
                    check(open.peek());
                    open.remove().close();
                }
            }
            default -> {}
        }
    }

    void closeAll() {
        open.forEach(snapshot -> {
            check(snapshot);
            snapshot.close();
        });
        open.clear();
    }

    private void check(Snapshot snapshot) {
        LogModel then = script.model(snapshot.lsn());
        try {
            assertEquals(
                    then.keyspaces.keySet().stream().toList(), snapshot.keyspaces(), "keyspaces at " + snapshot.lsn());
            then.committed()
                    .forEach((space, rows) -> Expected.checkRows(
                            space + " in the snapshot of LSN " + snapshot.lsn(),
                            rows,
                            snapshot.scan(space, null, null, Integer.MAX_VALUE, Long.MAX_VALUE)
                                    .rows()));
        } catch (TidemarkException e) {
            assertEquals(ErrorKind.SNAPSHOT_TOO_OLD, e.kind(), e::toString);
        }
    }
}
