package io.tidemark.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.error.TidemarkException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionCodecTest {
    /** Format 1: read and written for ever. */
    private static final String GOLDEN = "01" + "0000018bcfe56800" + "00000005"
            + "18" + "00" + "0000000000000046" + "0000000005265c00"
            + "19" + "00" + "0000000000000046"
            + "1a" + "00" + "0000000000000046" + "0000000000000078" + "0000000000000bb8"
            + "1b" + "00" + "06" + "6265666f7265" + "0000000000000051"
            + "1c" + "00" + "06" + "6265666f7265";

    private static final Entry ENTRY = new Entry(
            1_700_000_000_000L,
            List.of(
                    Command.of(new Operation.RaiseFloor(70, 86_400_000)),
                    Command.of(new Operation.FloorNamed(70)),
                    Command.of(new Operation.CollectGarbage(70, 120, 3_000)),
                    Command.of(new Operation.Pin("before", 81)),
                    Command.of(new Operation.Unpin("before"))));

    @Test
    void theGoldenCommandsAreReadAndWrittenByteForByte() {
        assertEquals(GOLDEN, HexFormat.of().formatHex(EntryCodec.encode(ENTRY)));
        assertEquals(ENTRY, EntryCodec.decode(HexFormat.of().parseHex(GOLDEN)));
    }

    @Test
    void m3_whatTheClusterDecidesIsBookkeepingAndWhatAPersonAsksForIsNot() {
        for (Command command : ENTRY.commands()) {
            boolean asked =
                    command.operation() instanceof Operation.Pin || command.operation() instanceof Operation.Unpin;
            assertEquals(!asked, command.operation().isBookkeeping(), command.toString());
        }
        assertFalse(ENTRY.isBookkeeping());
    }

    @Test
    void e3_whatNoLogMayCarryIsRefusedBeforeItIsProposed() {
        for (Operation bad : List.of(
                new Operation.RaiseFloor(-1, 0),
                new Operation.RaiseFloor(1, -1),
                new Operation.CollectGarbage(1, 1, -1),
                new Operation.Pin("no spaces", 1),
                new Operation.Pin("ok", -1),
                new Operation.Unpin(""))) {
            assertThrows(TidemarkException.class, () -> EntryLimits.check(Command.of(bad)), bad.toString());
        }
    }
}
