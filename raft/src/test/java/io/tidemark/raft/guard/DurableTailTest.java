package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTailTest {
    @TempDir
    Path dir;

    private DurableTail tail() {
        return new DurableTail(new RealDisk(), dir);
    }

    /** Bytes of both copies, without the zeros between them. */
    static byte[] copies(byte[] file) {
        byte[] both = new byte[2 * TwoCopies.COPY_BYTES];
        System.arraycopy(file, 0, both, 0, TwoCopies.COPY_BYTES);
        System.arraycopy(file, TwoCopies.SECOND_AT, both, TwoCopies.COPY_BYTES, TwoCopies.COPY_BYTES);
        return both;
    }

    static byte[] golden(String name) throws IOException {
        try (InputStream in = DurableTailTest.class.getResourceAsStream(name)) {
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return HexFormat.of().parseHex(hex);
        }
    }

    @Test
    void theGoldenRecordOfFormat1IsReadAndWrittenForEver() throws IOException {
        DurableTail written = tail();
        written.raise(3, 41, false);
        written.cutting(2, 39);
        byte[] golden = golden("log-tail-v1.hex");
        assertEquals(
                HexFormat.of().formatHex(golden),
                HexFormat.of().formatHex(copies(Files.readAllBytes(dir.resolve("log-tail")))));
        DurableTail.Mark found = tail().read().orElseThrow();
        assertEquals(new DurableTail.Mark(2, 39, 3), found);
        assertTrue(found.cutting() && found.engineAhead());
    }

    @Test
    void l5_rotInOneCopyLeavesTheOtherAndInBothIsNamed() throws IOException {
        DurableTail written = tail();
        for (int i = 0; i < 5; i++) {
            written.raise(1, i, false);
        }
        Path file = dir.resolve("log-tail");
        byte[] sound = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * TwoCopies.COPY_BYTES; bit++) {
            for (int at : new int[] {0, TwoCopies.SECOND_AT}) {
                byte[] rotten = sound.clone();
                rotten[at + bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, rotten);
                long index = tail().read().orElseThrow().index();
                assertTrue(index == 4 || index == 3, "bit " + bit + " of the copy at " + at);
            }
        }
        byte[] rotten = sound.clone();
        rotten[30] ^= 1;
        rotten[TwoCopies.SECOND_AT + 30] ^= 1;
        Files.write(file, rotten);
        TidemarkException named = assertThrows(TidemarkException.class, () -> tail().read());
        assertEquals(ErrorKind.CORRUPT, named.kind());
        assertTrue(named.getMessage().contains("log-tail"), named.getMessage());
        Files.write(file, new byte[0]);
        assertThrows(TidemarkException.class, () -> tail().read());
    }

    @Test
    void l5_aLoweredRecordDoesNotComeBackWhenOneCopyRots() throws IOException {
        DurableTail written = tail();
        written.raise(1, 70, false);
        written.raise(1, 80, false);
        written.cutting(1, 60);
        Path file = dir.resolve("log-tail");
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {0, TwoCopies.SECOND_AT}) {
            byte[] rotten = sound.clone();
            rotten[at + 25] ^= 4;
            Files.write(file, rotten);
            assertEquals(60, tail().read().orElseThrow().index());
        }
    }

    @Test
    void l5_theRecordIsNeverRaisedBackwards() throws IOException {
        DurableTail written = tail();
        written.raise(2, 10, false);
        written.raise(2, 9, false);
        assertEquals(10, tail().read().orElseThrow().index());
        written.engineGoesAhead();
        assertTrue(tail().read().orElseThrow().engineAhead());
        written.raise(2, 10, false);
        assertFalse(tail().read().orElseThrow().engineAhead());
    }
}
