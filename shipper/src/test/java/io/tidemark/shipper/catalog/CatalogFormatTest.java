package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.shipper.segment.SegmentName;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of version 1, and that none of them may differ without a word. */
class CatalogFormatTest {
    private static final SegmentRow ROW = SegmentRow.inS3(new SegmentName("h", 7, 19), 4_711, 1_000)
            .kept(4_711, "ab".repeat(32), 2_000)
            .moved(Tier.WARM)
            .read(5, 1_500, 2_500)
            .keptUntil(9_000);

    @Test
    void theBytesOfARowAreThoseOfVersion1() {
        assertEquals(
                "01" + "00".repeat(7)
                        + "0000000000001267" // bytes
                        + "00000000000003e8" // made
                        + "00000000000009c4" // access
                        + "0000000000000005" // reads
                        + "00000000000005dc" // since
                        + "0000000000002328" // until
                        + "ab".repeat(32)
                        + "de2f861c",
                HexFormat.of().formatHex(CatalogFormat.encode(ROW)));
        assertEquals(ROW, CatalogFormat.decode(CatalogFormat.key(ROW.name()), CatalogFormat.encode(ROW)));
    }

    @Test
    void theBytesOfAStateAreThoseOfVersion1() {
        CatalogFormat.Stored stored = CatalogFormat.Stored.EMPTY.with(null, ROW).with(new CatalogState(7, 2, 3));
        assertEquals(
                "544d5443" + "00000001" + "0000000000000001" + "00000000de2f861c" + "0000000000000007"
                        + "0000000000000002" + "0000000000000003" + "9fa71b1f",
                HexFormat.of().formatHex(stored.encode()));
        assertEquals(stored, CatalogFormat.Stored.decode(stored.encode(), 1, CatalogFormat.hash(ROW)));
    }

    @Test
    void p3_everyFlippedBitOfARowIsFound() {
        byte[] key = CatalogFormat.key(ROW.name());
        byte[] bytes = CatalogFormat.encode(ROW);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(IllegalArgumentException.class, () -> CatalogFormat.decode(key, bytes), "bit " + bit);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        SegmentRow other = SegmentRow.inS3(new SegmentName("h", 7, 20), 4_711, 1_000);
        assertThrows(
                IllegalArgumentException.class, () -> CatalogFormat.decode(CatalogFormat.key(other.name()), bytes));
    }

    @Test
    void p3_aLostADoubledAndAChangedRowDoNotAddUp() {
        CatalogFormat.Stored stored = CatalogFormat.Stored.EMPTY.with(null, ROW);
        byte[] state = stored.encode();
        long hash = CatalogFormat.hash(ROW);
        assertThrows(IllegalArgumentException.class, () -> CatalogFormat.Stored.decode(state, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> CatalogFormat.Stored.decode(state, 2, 2 * hash));
        long changed = CatalogFormat.hash(ROW.dropped());
        assertThrows(IllegalArgumentException.class, () -> CatalogFormat.Stored.decode(state, 1, changed));
    }
}
