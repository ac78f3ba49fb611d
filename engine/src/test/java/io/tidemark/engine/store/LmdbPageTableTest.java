package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;

class LmdbPageTableTest extends PageTableContract {
    private static final long MAP_BYTES = 64L << 20;

    @TempDir
    Path directory;

    @Override
    PageTable open() {
        return new LmdbPageTable(new RealDisk(), directory.resolve("table"), MAP_BYTES, Halt.THROW);
    }

    @FunctionalInterface
    private interface Damage {
        void to(Dbi<byte[]> pages);
    }

    private void damage(Damage damage) {
        try (Env<byte[]> env = Env.create(ByteArrayProxy.PROXY_BA)
                .setMapSize(MAP_BYTES)
                .setMaxDbs(8)
                .open(directory.resolve("table").toFile())) {
            damage.to(env.openDbi("pages"));
        }
    }

    private TidemarkException assertCorrupt() {
        TidemarkException e = assertThrows(TidemarkException.class, this::open);
        assertEquals(ErrorKind.CORRUPT, e.kind());
        return e;
    }

    private void commitTwoRows() {
        try (PageTable table = open()) {
            table.commit(List.of(row(1, 1), row(2, 2)), checkpoint(10));
        }
    }

    @Test
    void p3_aLostRowIsFoundAtOpen() {
        commitTwoRows();
        damage(pages -> pages.delete(PageTableFormat.key(1)));
        assertTrue(assertCorrupt().getMessage().contains("2 rows"));
    }

    @Test
    void p3_aRowOfAnEarlierCommitIsFoundAtOpen() {
        commitTwoRows();
        // A whole and well-formed row, only not the last one.
        damage(pages -> pages.put(PageTableFormat.key(1), PageTableFormat.encode(row(1, 9))));
        assertTrue(assertCorrupt().getMessage().contains("digest"));
    }

    @Test
    void p3_aDamagedRowIsFoundAtOpen() {
        commitTwoRows();
        byte[] bytes = PageTableFormat.encode(row(1, 1));
        bytes[3] ^= 4;
        damage(pages -> pages.put(PageTableFormat.key(1), bytes));
        assertTrue(assertCorrupt().getMessage().contains("the check of"));
    }

    @Test
    void p4_aCommitThatFailsHalts() {
        try (PageTable table = new LmdbPageTable(new RealDisk(), directory.resolve("small"), 128 << 10, Halt.THROW)) {
            List<PageTable.Row> many = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                many.add(row(i, i));
            }
            TidemarkException e =
                    assertThrows(TidemarkException.class, () -> table.commit(many, CheckpointRecord.EMPTY));
            assertEquals(ErrorKind.FATAL, e.kind());
            assertTrue(table.row(0).isEmpty());
        }
    }
}
