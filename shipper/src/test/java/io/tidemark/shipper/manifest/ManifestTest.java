package io.tidemark.shipper.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final String HISTORY = "6f0e1c1a-8f5e-4d70-9d6c-0a6b7c8d9e0f";
    private static final Manifest MANIFEST = new Manifest(
            HISTORY,
            43,
            0,
            Entries.position(0xfedcba9876543210L),
            new Manifest.Segment(new SegmentName(HISTORY, 40, 43).key(), 40, 43, 512, "ab".repeat(32)),
            Manifest.NO_FLOOR,
            1_700_000_000_000L);
    private static final HistoryRecord RECORD =
            new HistoryRecord(HISTORY, "1d2c3b4a-0000-4000-8000-000000000000", 39, HISTORY, 1_700_000_000_000L);

    private static byte[] golden(String file) throws IOException {
        try (InputStream in = ManifestTest.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        }
    }

    @Test
    void theGoldenManifestOfFormat1IsReadAndWrittenForEver() throws IOException {
        byte[] golden = golden("manifest-v1.json");

        assertEquals(new String(golden, StandardCharsets.UTF_8), new String(MANIFEST.encode(), StandardCharsets.UTF_8));
        Manifest found = Manifest.decode(MANIFEST.key(), golden);
        assertEquals(MANIFEST.segment(), found.segment());
        assertEquals(MANIFEST.position().terms(), found.position().terms());
        assertEquals(MANIFEST.position().redoChain(), found.position().redoChain());
        assertArrayEquals(MANIFEST.position().configuration(), found.position().configuration());
        assertArrayEquals(golden, found.encode());
    }

    @Test
    void theGoldenHistoryOfFormat1IsReadAndWrittenForEver() throws IOException {
        byte[] golden = golden("history-v1.json");

        assertEquals(new String(golden, StandardCharsets.UTF_8), new String(RECORD.encode(), StandardCharsets.UTF_8));
        assertEquals(RECORD, HistoryRecord.decode(RECORD.key(), golden));
    }

    @Test
    void aFlippedBitInAManifestOrAHistoryIsDetected() {
        everyFlipIsFound(MANIFEST.key(), MANIFEST.encode(), Manifest::decode);
        everyFlipIsFound(RECORD.key(), RECORD.encode(), HistoryRecord::decode);
    }

    private static void everyFlipIsFound(String key, byte[] bytes, BiFunction<String, byte[], Object> decode) {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            TidemarkException found =
                    assertThrows(TidemarkException.class, () -> decode.apply(key, damaged), "bit " + bit);
            assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit);
            assertTrue(found.getMessage().contains(key), found.getMessage());
        }
    }

    @Test
    void aManifestUnderAnotherKeyIsDetected() {
        TidemarkException found = assertThrows(
                TidemarkException.class, () -> Manifest.decode(Manifest.key(HISTORY, 44, 0), MANIFEST.encode()));
        assertEquals(ErrorKind.CORRUPT, found.kind());
    }

    @Test
    void x2_theNewestManifestIsTheLastInOrder() {
        assertTrue(Manifest.key("h", 9, 1).compareTo(Manifest.key("h", 10, 0)) < 0);
        assertTrue(Manifest.key("h", 10, 0).compareTo(Manifest.key("h", 10, 1)) < 0);
        assertTrue(Manifest.before("h", 10).compareTo(Manifest.key("h", 10, 0)) < 0);
        assertTrue(Manifest.before("h", 10).compareTo(Manifest.key("h", 9, 99)) > 0);
        assertEquals(10, Manifest.markOf(Manifest.key("h", 10, 3)).orElseThrow());
    }
}
