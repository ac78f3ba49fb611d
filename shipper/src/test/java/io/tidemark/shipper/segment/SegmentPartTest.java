package io.tidemark.shipper.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentPartTest {
    private static final int ENTRIES = 40;

    /** Some ten blocks. */
    private final SealedSegment segment = segment();

    private long fetched;

    private static SealedSegment segment() {
        Random random = new Random(1);
        LogEntry[] entries = new LogEntry[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[60_000];
            random.nextBytes(value);
            entries[i] = Entries.put(100 + i, 1, "key-" + i, value);
        }
        return Entries.segment("h", 7, entries);
    }

    private List<Long> lsns(byte[] bytes, long from, long to) {
        List<Long> lsns = new ArrayList<>();
        SegmentPart.read(segment.name(), bytes.length, from, to, (offset, length) -> {
                    fetched += length;
                    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
                })
                .forEach(entry -> lsns.add(entry.lsn()));
        return lsns;
    }

    @Test
    void anyPieceComesWithItsEntriesAndLittleElse() {
        for (long from = 100; from < 100 + ENTRIES; from++) {
            for (long to = from; to < 100 + ENTRIES; to += 13) {
                fetched = 0;
                List<Long> lsns = lsns(segment.bytes(), from, to);
                assertTrue(lsns.get(0) <= from && lsns.get(lsns.size() - 1) >= to, from + ".." + to + ": " + lsns);
                for (int i = 1; i < lsns.size(); i++) {
                    assertEquals(lsns.get(i - 1) + 1, lsns.get(i));
                }
                assertTrue(
                        fetched < (to - from + 11) * 60_000 + (80 << 10), from + ".." + to + ": " + fetched + " bytes");
            }
        }
    }

    @Test
    void theFooterIsThatOfTheSegment() {
        SegmentReader part = SegmentPart.read(
                segment.name(),
                segment.bytes().length,
                120,
                120,
                (offset, length) -> Arrays.copyOfRange(segment.bytes(), (int) offset, (int) offset + length));
        assertEquals(segment.footer().contentHashHex(), part.footer().contentHashHex());
        assertEquals(segment.name(), part.name());
    }

    @Test
    void aFlippedByteOfWhatIsReadIsFound() {
        List<Long> right = lsns(segment.bytes(), 115, 118);
        Random random = new Random(2);
        int found = 0;
        for (int i = 0; i < 120; i++) {
            byte[] bytes = segment.bytes().clone();
            bytes[i < 60 ? bytes.length - 1 - i : random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertEquals(right, lsns(bytes, 115, 118), "a byte that was not read");
            } catch (TidemarkException e) {
                assertEquals(ErrorKind.CORRUPT, e.kind());
                found++;
            }
        }
        assertTrue(found > 60, found + " found");
    }

    @Test
    void anotherObjectIsNotTakenForTheSegment() {
        SealedSegment other = Entries.segment("h", 7, Entries.put(100, 1, 10), Entries.put(101, 1, 10));
        assertThrows(TidemarkException.class, () -> lsns(other.bytes(), 100, 101));
        assertThrows(TidemarkException.class, () -> lsns(new byte[10], 100, 101));
    }
}
