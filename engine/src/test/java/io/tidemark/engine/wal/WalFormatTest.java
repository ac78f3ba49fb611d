package io.tidemark.engine.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The bytes on disk stay what they were: files of format 1 as the first binary wrote them. */
class WalFormatTest {
    private static final Path WAL = Path.of("/wal");
    private static final Path FILE = WAL.resolve("00000000000000000005.wal");
    private static final long CHAIN_AT_4 = 0x0123456789ABCDEFL;

    private final SimulatedDisk disk = new SimulatedDisk();

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = WalFormatTest.class.getResourceAsStream(name)) {
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }

    private FileWriteAheadLog open(List<WalBlock> blocks) {
        FileWriteAheadLog log = new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW);
        log.recover(5, 4, 2, CHAIN_AT_4, 4, blocks::add);
        return log;
    }

    private byte[] file() throws IOException {
        try (DiskFile file = disk.open(FILE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    @Test
    void theGoldenFileIsWrittenByteForByte() throws IOException {
        FileWriteAheadLog log = open(new ArrayList<>());
        log.append(5, 2, "one".getBytes(StandardCharsets.US_ASCII), 0, 3);
        log.append(6, 3, new byte[0], 0, 0);
        log.sync();
        log.append(7, 3, "seven".getBytes(StandardCharsets.US_ASCII), 0, 5);
        log.closeCleanly();
        assertEquals(
                HexFormat.of().formatHex(golden("wal-v1.hex")), HexFormat.of().formatHex(file()));
    }

    @Test
    void theGoldenFileIsRead() throws IOException {
        disk.createDirectories(WAL);
        disk.open(FILE).write(ByteBuffer.wrap(golden("wal-v1.hex")), 0);
        List<WalBlock> blocks = new ArrayList<>();
        FileWriteAheadLog log = open(blocks);
        assertEquals(List.of(5L, 6L, 7L), blocks.stream().map(WalBlock::lsn).toList());
        assertEquals(List.of(2L, 3L, 3L), blocks.stream().map(WalBlock::term).toList());
        assertEquals(log.lastChain(), blocks.get(2).chain());
        assertEquals(OptionalLong.of(CHAIN_AT_4), log.chainAt(4));
    }

    @Test
    void theListingShowsWhatAFileHolds() throws IOException {
        disk.createDirectories(WAL);
        byte[] bytes = golden("wal-v1.hex");
        disk.open(FILE).write(ByteBuffer.wrap(bytes), 0);
        disk.open(FILE).write(ByteBuffer.wrap(new byte[] {1, 2, 3}), bytes.length);
        List<WalListing.Header> headers = new ArrayList<>();
        List<WalListing.Block> blocks = new ArrayList<>();
        WalListing.End end = WalListing.read(disk, FILE, headers::add, blocks::add);
        assertEquals(List.of(new WalListing.Header(5, 2, CHAIN_AT_4, 4, 0)), headers);
        assertEquals(
                List.of(5L, 6L, 7L, 7L),
                blocks.stream().map(WalListing.Block::lsn).toList());
        assertEquals(
                List.of(4L, 4L, 6L, 7L),
                blocks.stream().map(WalListing.Block::syncedLsn).toList());
        assertTrue(blocks.stream().allMatch(WalListing.Block::continues));
        assertTrue(blocks.get(3).endMark());
        assertEquals(new WalListing.End(bytes.length, 3, -1), end);
        disk.flipBit(FILE, 70, 2);
        assertEquals(new WalListing.End(64, bytes.length - 61, 7), WalListing.read(disk, FILE, h -> {}, b -> {}));
        disk.flipBit(FILE, 20, 2);
        TidemarkException e =
                assertThrows(TidemarkException.class, () -> WalListing.read(disk, FILE, h -> {}, b -> {}));
        assertEquals(ErrorKind.CORRUPT, e.kind());
        e = assertThrows(TidemarkException.class, () -> WalListing.read(disk, WAL.resolve("x.wal"), h -> {}, b -> {}));
        assertEquals(ErrorKind.INVALID, e.kind());
    }

    @Test
    void theGoldenChainFileIsWrittenAndRead() throws IOException {
        long[] chains = {1, -2, CHAIN_AT_4};
        byte[] golden = golden("chains-v1.hex");
        assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(ChainFile.encode(40, chains)));
        assertArrayEquals(chains, ChainFile.decode(golden, 40));
        assertNull(ChainFile.decode(golden, 41));
        for (int at = 0; at < golden.length; at++) {
            byte[] flipped = golden.clone();
            flipped[at] ^= 16;
            assertNull(ChainFile.decode(flipped, 40), "byte " + at);
        }
    }
}
