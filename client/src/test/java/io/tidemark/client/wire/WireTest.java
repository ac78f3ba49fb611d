package io.tidemark.client.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.client.Precondition;
import io.tidemark.client.Row;
import io.tidemark.client.ScanPage;
import io.tidemark.client.Version;
import io.tidemark.client.wire.BatchReply.Reply;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest.Op;
import io.tidemark.client.wire.BatchRequest.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final byte[] NOTHING = {};

    private static final BatchRequest BATCH = new BatchRequest(
            new Version(42, 3),
            6,
            List.of(
                    new Request(7, Op.PUT, Precondition.none(), "ks", bytes("a/b"), bytes("value")),
                    new Request(8, Op.PUT, Precondition.absent(), "ks", new byte[] {(byte) 0xff}, NOTHING),
                    new Request(
                            9, Op.DELETE, Precondition.versionIs(new Version(41, 1)), "ks", new byte[] {0}, NOTHING)));

    @Test
    void aBatchHasTheBytesOfVersion1() {
        assertArrayEquals(Golden.read("batch-request-1.hex"), BATCH.encode());
        BatchRequest read = BatchRequest.decode(Golden.read("batch-request-1.hex"));
        assertArrayEquals(BATCH.encode(), read.encode());
        assertEquals(new Version(42, 3), read.session());
        assertEquals(6, read.repliedThrough());
        assertEquals(
                Precondition.versionIs(new Version(41, 1)),
                read.requests().get(2).condition());
        assertArrayEquals(bytes("a/b"), read.requests().get(0).key());
    }

    @Test
    void aRequestOfATransactionSaysWhich() {
        Request put = new Request(7, 99, Op.PUT, Precondition.versionIs(new Version(4, 1)), "ks", bytes("k"), NOTHING);
        Request commit = new Request(8, 99, Op.COMMIT, Precondition.none(), "", NOTHING, NOTHING);
        byte[] message = new BatchRequest(new Version(42, 3), 6, List.of(put, commit)).encode();
        assertEquals(32 + put.encodedBytes() + commit.encodedBytes(), message.length);
        BatchRequest read = BatchRequest.decode(message);
        assertEquals(99, read.requests().get(0).transaction());
        assertEquals(Op.COMMIT, read.requests().get(1).op());
        assertArrayEquals(message, read.encode());
        for (int length = 0; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThrows(WireException.class, () -> BatchRequest.decode(cut));
        }
    }

    @Test
    void aBatchReplyHasTheBytesOfVersion1() {
        BatchReply reply = new BatchReply(
                43,
                List.of(
                        Reply.of(Status.OK, new Version(43, 2)),
                        Reply.of(Status.CONDITION_FAILED, Version.NONE),
                        new Reply(Status.INVALID, Version.NONE, bytes("no!"))));
        assertArrayEquals(Golden.read("batch-reply-1.hex"), reply.encode());
        BatchReply read = BatchReply.decode(Golden.read("batch-reply-1.hex"));
        assertArrayEquals(reply.encode(), read.encode());
        assertEquals(Version.NONE, read.replies().get(1).version());
    }

    @Test
    void aPageOfRowsHasTheBytesOfVersion1() {
        ScanPage page = new ScanPage(
                List.of(
                        new Row(bytes("a"), new byte[] {1, 2, 3}, new Version(43, 2)),
                        new Row(new byte[] {'a', 0}, NOTHING, new Version(99, 0))),
                new byte[] {'b', 0},
                100);
        assertArrayEquals(Golden.read("row-page-1.hex"), RowPage.encode(page));
        ScanPage read = RowPage.decode(Golden.read("row-page-1.hex"));
        assertArrayEquals(RowPage.encode(page), RowPage.encode(read));
        assertNull(
                RowPage.decode(RowPage.encode(new ScanPage(List.of(), null, 5))).next());
    }

    @Test
    void aMessageCutAnywhereIsRefused() {
        for (String name : List.of("batch-request-1.hex", "batch-reply-1.hex", "row-page-1.hex")) {
            byte[] whole = Golden.read(name);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThrows(WireException.class, () -> decode(name, cut), name + " of " + length + " bytes");
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThrows(WireException.class, () -> decode(name, longer));
        }
    }

    @Test
    void aHugeLengthIsRefusedBeforeMemoryIsTakenForIt() {
        byte[] count = Golden.read("batch-request-1.hex");
        count[28] = 0x7f;
        assertTrue(assertThrows(WireException.class, () -> BatchRequest.decode(count))
                .getMessage()
                .startsWith("count at offset 28 is "));
        byte[] value = Golden.read("batch-request-1.hex");
        value[32 + 16] = 1;
        assertTrue(assertThrows(WireException.class, () -> BatchRequest.decode(value))
                .getMessage()
                .contains("in value of 16777221 bytes"));
        byte[] negative = Golden.read("batch-request-1.hex");
        negative[32 + 16] = (byte) 0xff;
        assertThrows(WireException.class, () -> BatchRequest.decode(negative));
        byte[] many = Golden.read("row-page-1.hex");
        many[18] = 0x27;
        assertTrue(assertThrows(WireException.class, () -> RowPage.decode(many))
                .getMessage()
                .startsWith("count says 9986, but only "));
    }

    @Test
    void anotherVersionOrAnotherMessageIsNamed() {
        byte[] version = Golden.read("batch-request-1.hex");
        version[4] = 2;
        assertEquals(
                "batch version 2 is not known here, only 1",
                assertThrows(WireException.class, () -> BatchRequest.decode(version))
                        .getMessage());
        assertThrows(WireException.class, () -> BatchRequest.decode(Golden.read("batch-reply-1.hex")));
    }

    @Test
    void aBatchEitherReadsOrWrites() {
        byte[] mixed = new BatchRequest(
                        null,
                        0,
                        List.of(
                                new Request(0, Op.GET, Precondition.none(), "ks", bytes("a"), NOTHING),
                                new Request(0, Op.PUT, Precondition.none(), "ks", bytes("a"), NOTHING)))
                .encode();
        assertThrows(WireException.class, () -> BatchRequest.decode(mixed));
    }

    @Test
    void e9_aSequenceThatTheBatchItselfCallsRepliedIsRefused() {
        byte[] replied = BATCH.encode();
        replied[27] = 8;
        assertThrows(WireException.class, () -> BatchRequest.decode(replied));
    }

    private static Object decode(String name, byte[] message) {
        return switch (name.charAt(0) + name.substring(6, 9)) {
            case "breq" -> BatchRequest.decode(message);
            case "brep" -> BatchReply.decode(message);
            default -> RowPage.decode(message);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
