package io.tidemark.engine.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private final LockTable locks = new LockTable();

    @Test
    void aTransactionWhoseRowsWereAllTakenBackIsForgotten() {
        List<UndoRow> rows = List.of(
                UndoRow.rangeLock("rows", KEY, null),
                UndoRow.keyLock("rows", KEY),
                UndoRow.before("rows", KEY, null, 7, 0));
        for (int last = 0; last < rows.size(); last++) {
            for (int row = 0; row <= last; row++) {
                locks.add(rows.get(row), 7, row + 1);
            }
            for (int row = last; row >= 0; row--) {
                assertEquals(1, locks.holders());
                locks.remove(rows.get(row), 7);
            }
            assertEquals(0, locks.holders(), (last + 1) + " rows");
        }
        assertEquals(0, locks.keys() + locks.ranges());
    }

    @Test
    void aTransactionThatLocksAgainAfterAllWasTakenBackHoldsThat() {
        locks.add(UndoRow.keyLock("rows", KEY), 7, 1);
        locks.remove(UndoRow.keyLock("rows", KEY), 7);
        locks.add(UndoRow.keyLock("rows", KEY), 7, 1);
        assertEquals(7, locks.holder("rows", KEY, 8));
        locks.release(7);
        assertEquals(0, locks.holders());
        assertEquals(0, locks.holder("rows", KEY, 8));
    }
}
