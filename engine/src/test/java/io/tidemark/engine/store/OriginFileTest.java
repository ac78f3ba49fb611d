package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OriginFileTest {
    private static final Path FILE = Path.of("/engine/origin");
    private static final Checkpoint ORIGIN =
            new Checkpoint(70, 30, 4, 0xABCDL, "h/checkpoint/70.root", 99, "5a".repeat(32));

    /** Format version 1, for ever. */
    private static final String GOLDEN =
            "544d4f5200000001" + "0000000000000046" + "000000000000001e" + "0000000000000004"
                    + "000000000000abcd" + "0000000000000063" + "5a".repeat(32) + "0014"
                    + "682f636865636b706f696e742f37302e726f6f74";

    @Test
    void theBytesOfVersion1StayWhatTheyAre() {
        String encoded = HexFormat.of().formatHex(OriginFile.encode(ORIGIN));
        assertEquals(GOLDEN, encoded.substring(0, encoded.length() - 8));
        assertEquals(ORIGIN, OriginFile.decode(FILE, HexFormat.of().parseHex(encoded)));
    }

    @Test
    void whatIsWrittenIsReadAndWhatIsNotThereIsNone() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        disk.createDirectories(FILE.getParent());
        assertEquals(Checkpoint.NONE, OriginFile.read(disk, FILE));
        OriginFile.write(disk, FILE, ORIGIN);
        assertEquals(ORIGIN, OriginFile.read(disk, FILE));
    }

    @Test
    void anyBitThatFlipsIsNoticed() {
        byte[] bytes = OriginFile.encode(ORIGIN);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            TidemarkException found = assertThrows(TidemarkException.class, () -> OriginFile.decode(FILE, bytes));
            assertEquals(ErrorKind.CORRUPT, found.kind());
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }
}
