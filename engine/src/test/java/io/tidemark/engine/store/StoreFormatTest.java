package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes on disk stay what they were: format 1 as the first binary wrote it. */
class StoreFormatTest {
    private static final PageTable.Row LOCAL = new PageTable.Row(3, 9, 1009, 0xCAFEBABE);
    private static final PageTable.Row EVICTED = new PageTable.Row(4, PageTable.Row.EVICTED, 77, 5);
    private static final PageTableFormat.State STATE = PageTableFormat.State.EMPTY
            .with(null, LOCAL)
            .with(null, EVICTED)
            .with(new CheckpointRecord(1000, 1010, 6, 0x0123456789ABCDEFL));

    private static List<String> golden(String name) throws IOException {
        try (InputStream in = StoreFormatTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    @Test
    void theGoldenTableIsWrittenAndRead() throws IOException {
        List<String> golden = golden("page-table-v1.hex");
        HexFormat hex = HexFormat.of();
        assertEquals(
                String.join("\n", golden),
                String.join(
                        "\n",
                        hex.formatHex(PageTableFormat.key(3)),
                        hex.formatHex(PageTableFormat.encode(LOCAL)),
                        hex.formatHex(PageTableFormat.encode(EVICTED)),
                        hex.formatHex(PageTableFormat.encode(STATE))));
        assertEquals(LOCAL, PageTableFormat.decodeRow(3, hex.parseHex(golden.get(1))));
        assertEquals(EVICTED, PageTableFormat.decodeRow(4, hex.parseHex(golden.get(2))));
        long digest = PageTableFormat.hash(LOCAL) + PageTableFormat.hash(EVICTED);
        assertEquals(STATE, PageTableFormat.decodeState(hex.parseHex(golden.get(3)), 2, digest));
    }

    @Test
    void p3_everyFlippedByteOfRowAndStateIsFound() {
        for (int at = 0; at < PageTableFormat.ROW_BYTES; at++) {
            byte[] row = PageTableFormat.encode(LOCAL);
            row[at] ^= 1;
            assertThrows(IllegalArgumentException.class, () -> PageTableFormat.decodeRow(3, row), "byte " + at);
        }
        // The row of another page.
        byte[] row = PageTableFormat.encode(LOCAL);
        assertThrows(IllegalArgumentException.class, () -> PageTableFormat.decodeRow(2, row));
        long digest = PageTableFormat.hash(LOCAL) + PageTableFormat.hash(EVICTED);
        for (int at = 0; at < PageTableFormat.STATE_BYTES; at++) {
            byte[] state = PageTableFormat.encode(STATE);
            state[at] ^= 1;
            assertThrows(
                    IllegalArgumentException.class, () -> PageTableFormat.decodeState(state, 2, digest), "byte " + at);
        }
    }

    @Test
    void theGoldenPageFileHeaderIsWrittenAndRead() throws IOException {
        byte[] header = PageFileFormat.header(16384).array();
        assertEquals(golden("page-file-v1.hex").get(0), HexFormat.of().formatHex(header, 0, 16));
        assertEquals(16384, PageFileFormat.pageBytes(header));
        for (int at = 0; at < PageFileFormat.HEADER_BYTES; at++) {
            header[at] ^= 1;
            assertEquals(-1, PageFileFormat.pageBytes(header), "byte " + at);
            header[at] ^= 1;
        }
        assertTrue(header.length == 16384);
    }
}
