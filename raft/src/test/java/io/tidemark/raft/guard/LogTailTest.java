package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.PureJavaCrc32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as Ratis writes them, cut and damaged. */
class LogTailTest {
    private static final int PREALLOCATED = 4096;

    @TempDir
    Path dir;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    LogTailTest() {
        bytes.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void r6_aRecordTornAtAnyByteIsCutAndTheOnesBeforeItAreKept() throws IOException {
        append(5);
        append(6);
        int whole = bytes.size();
        append(7);
        byte[] full = bytes.toByteArray();
        for (int end = whole + 1; end < full.length; end++) {
            Path file = write(Arrays.copyOf(Arrays.copyOf(full, end), PREALLOCATED));
            new LogTail(file, dir.resolve("aside"), 1 << 20).repair(6, false);
            assertTrue(Files.size(file) == whole || end == full.length - 1 && full[end] == 0, "torn at " + end);
        }
    }

    @Test
    void aSoundFileIsLeftAlone() throws IOException {
        append(0);
        append(1);
        Path padded = write(Arrays.copyOf(bytes.toByteArray(), PREALLOCATED));
        assertEquals(0, new LogTail(padded, dir, 1 << 20).repair(1, false));
        assertEquals(PREALLOCATED, Files.size(padded));
        assertEquals(0, new LogTail(write(bytes.toByteArray()), dir, 1 << 20).repair(1, false));
        assertEquals(0, new LogTail(write(Arrays.copyOf(bytes.toByteArray(), 8)), dir, 1 << 20).repair(-1, false));
    }

    @Test
    void r6_damageThatARecordFollowsIsNoTear() throws IOException {
        append(0);
        int second = bytes.size();
        append(1);
        append(2);
        byte[] damaged = Arrays.copyOf(bytes.toByteArray(), PREALLOCATED);
        damaged[second + 10] ^= 1;
        Path file = write(damaged);
        TidemarkException refused =
                assertThrows(TidemarkException.class, () -> new LogTail(file, dir, 1 << 20).repair(0, false));
        assertEquals(ErrorKind.CORRUPT, refused.kind());
        assertTrue(refused.getMessage().contains("offset " + second), refused.getMessage());
        assertEquals(PREALLOCATED, Files.size(file));
    }

    @Test
    void r6_pastTheRecordedEndTheDiskMayKeepLaterSectorsOnly() throws IOException {
        append(0);
        int second = bytes.size();
        append(1);
        append(2);
        byte[] torn = Arrays.copyOf(bytes.toByteArray(), PREALLOCATED);
        Arrays.fill(torn, second, second + 20, (byte) 0);
        Path file = write(torn);
        assertThrows(TidemarkException.class, () -> new LogTail(file, dir, 1 << 20).repair(0, false));
        assertThrows(TidemarkException.class, () -> new LogTail(file, dir, 1 << 20).repair(1, true));
        assertTrue(new LogTail(file, dir, 1 << 20).repair(0, true) > 0);
        assertEquals(second, Files.size(file));
    }

    @Test
    void r6_damageToAnEntryThatTheEngineHasIsNoTear() throws IOException {
        append(0);
        int second = bytes.size();
        append(1);
        byte[] damaged = bytes.toByteArray();
        damaged[second + 10] ^= 1;
        Path file = write(damaged);
        assertThrows(TidemarkException.class, () -> new LogTail(file, dir, 1 << 20).repair(1, false));
        assertTrue(new LogTail(file, dir, 1 << 20).repair(0, false) > 0);
    }

    @Test
    void r6_damageToTheFirstEntryOfAFileIsNoTearOnceTheEngineHasIt() throws IOException {
        append(0);
        byte[] damaged = bytes.toByteArray();
        damaged[20] ^= 1;
        Path file = write(damaged);
        assertThrows(TidemarkException.class, () -> new LogTail(file, dir, 1 << 20).repair(0, false));
        assertTrue(new LogTail(file, dir, 1 << 20).repair(-1, false) > 0);
    }

    private void append(long index) {
        byte[] entry = LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(index)
                .setStateMachineLogEntry(
                        StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFromUtf8("x".repeat(200))))
                .build()
                .toByteArray();
        ByteBuffer record = ByteBuffer.allocate(2 + entry.length + 4);
        record.put((byte) (entry.length & 0x7f | 0x80))
                .put((byte) (entry.length >> 7))
                .put(entry);
        PureJavaCrc32C crc = new PureJavaCrc32C();
        crc.update(record.array(), 0, record.position());
        record.putInt((int) crc.getValue());
        bytes.writeBytes(record.array());
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(dir.resolve("log_inprogress_0"), content);
    }
}
