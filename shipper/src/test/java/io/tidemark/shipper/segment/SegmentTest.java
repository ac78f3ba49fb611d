package io.tidemark.shipper.segment;

import static io.tidemark.shipper.segment.Entries.configuration;
import static io.tidemark.shipper.segment.Entries.metadata;
import static io.tidemark.shipper.segment.Entries.position;
import static io.tidemark.shipper.segment.Entries.put;
import static io.tidemark.shipper.segment.Entries.segment;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private static final String HISTORY = "6f0e1c1a-8f5e-4d70-9d6c-0a6b7c8d9e0f";

    private static SealedSegment small() {
        return segment(
                HISTORY,
                0x0123456789abcdefL,
                configuration(40, 1, "n1,n2,n3"),
                metadata(41, 3),
                put(42, 3, "a/b", "value".getBytes(StandardCharsets.UTF_8)),
                put(43, 3, "c", new byte[0]));
    }

    private static List<LogEntry> entriesOf(SegmentReader reader) {
        List<LogEntry> entries = new ArrayList<>();
        reader.forEach(entries::add);
        return entries;
    }

    @Test
    void m4_entriesOfTheLogItselfTermsAndConfigurationStandInTheSegment() {
        SealedSegment sealed = small();

        SegmentReader reader = SegmentReader.open(sealed.name(), sealed.bytes());

        assertEquals(
                List.of(
                        configuration(40, 1, "n1,n2,n3"),
                        metadata(41, 3),
                        put(42, 3, "a/b", "value".getBytes(StandardCharsets.UTF_8)),
                        put(43, 3, "c", new byte[0])),
                entriesOf(reader));
        Position found = reader.footer().position();
        assertEquals(position(0).terms(), found.terms());
        assertEquals(0x0123456789abcdefL, found.redoChain());
        assertEquals(40, found.configurationLsn());
        assertArrayEquals(position(0).configuration(), found.configuration());
        assertEquals(4, reader.footer().entries());
        assertEquals(
                HISTORY + "/log/00000000000000000040-00000000000000000043.seg",
                sealed.name().key());
    }

    /** The golden file holds format 1 as written first; zstd may write other frames later, but must read these. */
    @Test
    void theGoldenSegmentOfFormat1IsReadForEver() throws IOException {
        byte[] golden;
        try (InputStream in = SegmentTest.class.getResourceAsStream("segment-v1.hex")) {
            golden = HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
        SealedSegment now = small();

        SegmentReader reader = SegmentReader.open(now.name(), golden).verify();

        assertEquals(entriesOf(SegmentReader.open(now.name(), now.bytes())), entriesOf(reader));
        assertEquals(now.footer().contentHashHex(), reader.footer().contentHashHex());
    }

    @Test
    void aFlippedBitAnywhereIsDetectedAndNamed() {
        SealedSegment sealed = small();
        for (int bit = 0; bit < 8 * sealed.bytes().length; bit++) {
            byte[] damaged = sealed.bytes().clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            TidemarkException found = assertThrows(
                    TidemarkException.class,
                    () -> SegmentReader.open(sealed.name(), damaged).verify(),
                    "bit " + bit);
            assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit + ": " + found.getMessage());
            assertTrue(found.getMessage().contains(sealed.name().key()), found.getMessage());
            assertTrue(found.getMessage().matches("(?s).*at byte \\d+: .* should be .*, found .*"), found.getMessage());
        }
    }

    @Test
    void aCutOffOrPaddedSegmentIsDetected() {
        SealedSegment sealed = small();
        for (int length = 0; length < sealed.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(sealed.bytes(), length);
            TidemarkException found = assertThrows(
                    TidemarkException.class,
                    () -> SegmentReader.open(sealed.name(), cut).verify());
            assertEquals(ErrorKind.CORRUPT, found.kind());
        }
        byte[] padded = Arrays.copyOf(sealed.bytes(), sealed.bytes().length + 1);
        assertThrows(TidemarkException.class, () -> SegmentReader.open(sealed.name(), padded));
    }

    @Test
    void aSegmentUnderAnotherNameIsDetected() {
        SealedSegment sealed = small();
        TidemarkException found = assertThrows(
                TidemarkException.class, () -> SegmentReader.open(new SegmentName(HISTORY, 41, 44), sealed.bytes()));
        assertEquals(ErrorKind.CORRUPT, found.kind());
    }

    @Test
    void aNewerFormatIsRefusedWithAdvice() {
        byte[] newer = small().bytes().clone();
        ByteBuffer header = ByteBuffer.wrap(newer);
        header.putShort(8, (short) 2);
        int end = SegmentFormat.HEADER_FIXED_BYTES + HISTORY.length();
        header.putInt(end, SegmentFormat.crc(newer, 0, end));

        TidemarkException found = assertThrows(TidemarkException.class, () -> SegmentReader.open("x", newer));
        assertEquals(ErrorKind.INVALID, found.kind());
        assertTrue(found.getMessage().contains("use a newer one"), found.getMessage());
    }

    @Test
    void anEntryOfTheLargestSizeMakesALargerSegmentAndComesBackWhole() {
        byte[] value = new byte[16 << 20];
        new Random(5).nextBytes(value);
        LogEntry large = put(8, 2, "large", value);
        SealedSegment sealed = segment(HISTORY, 1, put(7, 2, 10), large, put(9, 2, 10));

        List<LogEntry> entries = entriesOf(SegmentReader.open(sealed.name(), sealed.bytes()));

        assertEquals(3, entries.size());
        assertEquals(large, entries.get(1));
        assertTrue(sealed.footer().blocks().size() >= 2);
    }

    @Test
    void manyEntriesAreCutIntoBlocksAndCompressed() {
        SegmentWriter writer = new SegmentWriter(HISTORY, 0);
        for (int lsn = 0; lsn < 2_000; lsn++) {
            writer.add(put(lsn, 1, 1_000));
        }
        SealedSegment sealed = writer.finish(position(5));

        assertTrue(
                sealed.footer().blocks().size() >= 8, sealed.footer().blocks().toString());
        assertTrue(sealed.bytes().length < writer.plainBytes() / 5, "compressed to " + sealed.bytes().length);
        assertEquals(
                2_000,
                entriesOf(SegmentReader.open(sealed.name(), sealed.bytes())).size());
    }

    @Test
    void ct8_theContentHashDependsOnTheEntriesAlone() {
        LogEntry[] entries = {put(0, 1, 10), put(1, 1, 10)};
        SealedSegment one = segment("history-a", 1, entries);
        SealedSegment other = segment("history-b", 2, entries);
        SealedSegment third = segment("history-a", 1, put(0, 1, 10), put(1, 2, 10));

        assertFalse(Arrays.equals(one.bytes(), other.bytes()));
        assertEquals(one.footer().contentHashHex(), other.footer().contentHashHex());
        assertNotEquals(one.footer().contentHashHex(), third.footer().contentHashHex());
    }

    @Test
    void aGapIsNeverWritten() {
        SegmentWriter writer = new SegmentWriter(HISTORY, 5);
        assertThrows(TidemarkException.class, () -> writer.add(put(6, 1, 1)));
        assertThrows(TidemarkException.class, () -> writer.finish(position(0)), "an empty segment");
    }

    @Test
    void namesAreOrderedByListingAndReadBack() {
        SegmentName name = new SegmentName("h", 9, 10);
        assertEquals(name, SegmentName.parse(name.key()).orElseThrow());
        assertTrue(name.key().compareTo(new SegmentName("h", 10, 10).key()) < 0);
        assertTrue(SegmentName.parse("h/log/9-10.seg").isEmpty());
        assertTrue(SegmentName.parse("h/log/00000000000000000010-00000000000000000009.seg")
                .isEmpty());
        assertTrue(SegmentName.parse("h/log/99999999999999999999-99999999999999999999.seg")
                .isEmpty());
    }
}
