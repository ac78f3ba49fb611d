package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogPieceTest {
    private static final List<LogEntry> ENTRIES = List.of(
            new LogEntry(7, 2, EntryKind.CONFIGURATION, new byte[] {1, 2, 3}),
            new LogEntry(8, 2, EntryKind.COMMANDS, new byte[] {}));

    /** Version 1, for good. */
    private static final String GOLDEN = "546d4c6701000000" + "00000002"
            + "0000000000000007" + "0000000000000002" + "%02x" + "00000003" + "010203"
            + "0000000000000008" + "0000000000000002" + "%02x" + "00000000";

    @Test
    void theFormatStaysAsItIs() {
        String golden = String.format(GOLDEN, EntryKind.CONFIGURATION.code(), EntryKind.COMMANDS.code());
        byte[] message = LogPiece.encode(ENTRIES);
        assertEquals(golden, HexFormat.of().formatHex(Arrays.copyOf(message, message.length - 4)));
        assertEquals(ENTRIES, LogPiece.decode(message));
        assertEquals(List.of(), LogPiece.decode(LogPiece.encode(List.of())));
    }

    @Test
    void whatIsNotWholeIsRefused() {
        byte[] message = LogPiece.encode(ENTRIES);
        for (int i = 0; i < message.length; i++) {
            byte[] flipped = message.clone();
            flipped[i] ^= 1;
            refused(flipped);
            refused(Arrays.copyOf(message, i));
        }
    }

    private static void refused(byte[] message) {
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> LogPiece.decode(message));
        assertEquals(ErrorKind.UNAVAILABLE, refusal.kind());
    }
}
