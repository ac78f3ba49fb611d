package io.tidemark.engine.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlottedPageTest {
    private final ByteBuffer page = ByteBuffer.allocateDirect(1024);

    @Test
    void theFormatIsTheOneInTheGoldenFile() throws IOException {
        leaf();
        put("k/carol", "3");
        put("k/alice", "1");
        put("k/bob", "2");
        SlottedPage.delete(page, Keys.find(page, bytes("k/carol")));
        RedoBuffer reference = new RedoBuffer();
        LeafRecord.write(reference, new Version(8, 2), bytes("k/dave"), new LeafRecord.Reference(5, 9, 70_000, 0x1234));
        SlottedPage.insert(page, 2, reference.array(), 0, reference.length());
        PageHeader.setLsn(page, 8);
        PageHeader.seal(page);
        assertEquals(golden("slotted-page-1.hex"), hex(page));
    }

    @Test
    void describesItself() {
        leaf();
        put("alice", "1");
        PageHeader.setLsn(page, 8);
        assertEquals(
                List.of(
                        "page 7  LEAF  LSN 8  CRC32C 00000000 (computed 2d5d16e5)",
                        "level 0  records 1  free 931 B, 0 of it garbage  shared key bytes 5  next free page 0",
                        "  0 at 1003, 21 B: \"alice\"  version 7.0  value of 1 B"),
                PageDump.of(page));
    }

    @Test
    void aFullPageTakesARecordAgainOnceOneWentWhoeverLayBetween() {
        leaf();
        int count = 0;
        while (SlottedPage.fits(page, 15 + 4 + 40)) {
            put(String.format("k%03d", count++), "x".repeat(40));
        }
        SlottedPage.delete(page, 3);
        SlottedPage.delete(page, 7);
        put("k999", "y".repeat(90));
        SlottedPage.checkLayout(page);
        assertEquals(count - 1, SlottedPage.count(page));
        assertEquals("y".repeat(90), value("k999"));
        assertEquals("x".repeat(40), value("k004"));
    }

    @Test
    void aRecordMayGrowAndShrinkInItsSlot() {
        leaf();
        put("a", "1");
        put("b", "2");
        replace("a", "x".repeat(500));
        replace("b", "y".repeat(380));
        assertEquals("x".repeat(500), value("a"));
        replace("a", "");
        assertEquals("", value("a"));
        assertEquals("y".repeat(380), value("b"));
        SlottedPage.checkLayout(page);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingChanges() {
        leaf();
        put("a", "x".repeat(900));
        String before = hex(page);
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> put("b", "y".repeat(40)));
        assertEquals(ErrorKind.CORRUPT, refusal.kind());
        assertFalse(SlottedPage.fitsReplacement(page, 0, 953));
        assertTrue(SlottedPage.fitsReplacement(page, 0, 952));
        assertEquals(before, hex(page));
    }

    @Test
    void p8_recordsHaveRoomForATransaction() {
        leaf();
        RedoBuffer record = new RedoBuffer();
        record.putByte(LeafRecord.HAS_TXN | LeafRecord.GHOST);
        record.putShort(3);
        record.putLong(41);
        record.putInt(5);
        record.putLong(77);
        record.putLong(2);
        record.putBytes(bytes("key"), 0, 3);
        record.putBytes(bytes("value"), 0, 5);
        SlottedPage.insert(page, 0, record.array(), 0, record.length());
        assertArrayEquals(bytes("key"), Keys.key(page, 0));
        assertEquals(0, Keys.find(page, bytes("key")));
        assertArrayEquals(bytes("value"), LeafRecord.value(page, 0));
        assertEquals(new Version(41, 5), LeafRecord.version(page, 0));
        assertEquals(LeafRecord.HAS_TXN | LeafRecord.GHOST, LeafRecord.flags(page, 0));
    }

    private void leaf() {
        SlottedPage.format(page, PageType.LEAF, 0, 7);
    }

    private void put(String key, String value) {
        RedoBuffer record = record(key, value);
        SlottedPage.insert(page, -Keys.find(page, bytes(key)) - 1, record.array(), 0, record.length());
    }

    private void replace(String key, String value) {
        RedoBuffer record = record(key, value);
        SlottedPage.replace(page, Keys.find(page, bytes(key)), record.array(), 0, record.length());
    }

    private static RedoBuffer record(String key, String value) {
        RedoBuffer record = new RedoBuffer();
        LeafRecord.write(record, new Version(7, 0), bytes(key), bytes(value));
        return record;
    }

    private String value(String key) {
        return new String(LeafRecord.value(page, Keys.find(page, bytes(key))), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** 32 bytes per line; lines of zeros are left out. */
    private static String hex(ByteBuffer page) {
        StringBuilder lines = new StringBuilder();
        byte[] line = new byte[32];
        for (int at = 0; at < page.capacity(); at += line.length) {
            page.get(at, line);
            String text = HexFormat.of().formatHex(line);
            if (!text.matches("0*")) {
                lines.append(String.format("%04x %s\n", at, text));
            }
        }
        return lines.toString();
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = SlottedPageTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
