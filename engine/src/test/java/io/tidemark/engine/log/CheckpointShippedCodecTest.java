package io.tidemark.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointShippedCodecTest {
    /** Format 1: read and written for ever. */
    private static final String GOLDEN = "01" + "0000018bcfe56800" + "00000001"
            + "14" + "00"
            + "0000000000000032" + "0000000000000046" + "0000000000000003" + "1122334455667788"
            + "0006" + "682f726f6f74"
            + "0000000000000200"
            + "ab".repeat(32);

    private static Entry entry(byte[] sha256) {
        return new Entry(
                1_700_000_000_000L,
                List.of(Command.of(new CheckpointShipped(50, 70, 3, 0x1122334455667788L, "h/root", 512, sha256))));
    }

    private static byte[] hash(int bytes) {
        byte[] hash = new byte[bytes];
        Arrays.fill(hash, (byte) 0xab);
        return hash;
    }

    @Test
    void theGoldenCommandIsReadAndWrittenByteForByte() {
        assertEquals(GOLDEN, HexFormat.of().formatHex(EntryCodec.encode(entry(hash(32)))));
        Entry found = EntryCodec.decode(HexFormat.of().parseHex(GOLDEN));
        assertEquals(GOLDEN, HexFormat.of().formatHex(EntryCodec.encode(found)));
    }

    @Test
    void m3_aCheckpointMakesNoWorkForTheShipper() {
        assertTrue(entry(hash(32)).isBookkeeping());
    }

    @Test
    void e3_aHashOfAnotherLengthIsRefusedBeforeItIsProposed() {
        assertThrows(TidemarkException.class, () -> EntryLimits.check(entry(hash(31))));
    }
}
