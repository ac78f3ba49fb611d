package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulatedPageTableTest extends PageTableContract {
    private static final Path TABLE = Path.of("/store/table");

    private final SimulatedDisk disk = new SimulatedDisk();

    @Override
    PageTable open() {
        return new SimulatedPageTable(disk, TABLE, Halt.THROW);
    }

    @Test
    void p4_aCommitIsAtomicAndDurableAtEveryCrash() {
        long[] committed = {-1};
        Random random = new Random(1);
        disk.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                SimulatedDisk image = disk.crashImage(mode, random);
                PageTable after = new SimulatedPageTable(image, TABLE, Halt.THROW);
                long applied = after.checkpoint().applied();
                assertEquals(true, applied == committed[0] || applied == committed[0] + 1, mode + " " + applied);
                rows(after).forEach(row -> assertEquals(applied, row.slot()));
            }
        });
        PageTable table = open();
        for (int i = 0; i < 300; i++) {
            int slot = i;
            table.commit(List.of(row(1, slot), row(2, slot), row(3, slot)), checkpoint(i));
            committed[0] = i;
        }
        // Long enough for a compaction.
        for (int i = 300; i < 800; i++) {
            table.commit(List.of(row(1, i), row(2, i), row(3, i)), checkpoint(i));
            committed[0] = i;
        }
    }
}
