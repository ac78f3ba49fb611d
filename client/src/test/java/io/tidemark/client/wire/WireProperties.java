package io.tidemark.client.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tidemark.client.Precondition;
import io.tidemark.client.Row;
import io.tidemark.client.ScanPage;
import io.tidemark.client.Version;
import io.tidemark.client.wire.BatchReply.Reply;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest.Op;
import io.tidemark.client.wire.BatchRequest.Request;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WireProperties {

    @Property(tries = 300)
    void whatIsEncodedIsDecoded(@ForAll("batches") BatchRequest batch) {
        byte[] message = batch.encode();
        assertArrayEquals(message, BatchRequest.decode(message).encode());
    }

    @Property(tries = 300)
    void repliesComeBackAsTheyWere(@ForAll("replies") BatchReply reply) {
        byte[] message = reply.encode();
        assertArrayEquals(message, BatchReply.decode(message).encode());
    }

    @Property(tries = 300)
    void rowsComeBackAsTheyWere(@ForAll("pages") ScanPage page) {
        byte[] message = RowPage.encode(page);
        assertArrayEquals(message, RowPage.encode(RowPage.decode(message)));
    }

    /** A damaged message is either refused by name or means something else; it never fails in another way. */
    @Property(tries = 1000)
    void aFlippedByteNeverDoesMoreThanBeRefused(
            @ForAll("batches") BatchRequest batch, @ForAll int at, @ForAll byte flip) {
        byte[] message = batch.encode();
        message[Math.floorMod(at, message.length)] ^= flip;
        try {
            assertArrayEquals(message, BatchRequest.decode(message).encode());
        } catch (WireException refused) {
            assertNotNull(refused.getMessage());
        }
    }

    @Property(tries = 1000)
    void noiseIsRefused(@ForAll byte[] noise) {
        byte[] message = noise.clone();
        for (Runnable decode : List.<Runnable>of(
                () -> BatchRequest.decode(message), () -> BatchReply.decode(message), () -> RowPage.decode(message))) {
            try {
                decode.run();
                throw new AssertionError("noise was taken for a message");
            } catch (WireException refused) {
                assertNotNull(refused.getMessage());
            }
        }
    }

    @Provide
    Arbitrary<BatchRequest> batches() {
        Arbitrary<Request> writes = Combinators.combine(
                        Arbitraries.longs().between(101, Long.MAX_VALUE),
                        Arbitraries.of(Op.PUT, Op.DELETE, Op.OPEN_SESSION),
                        conditions(),
                        Arbitraries.strings()
                                .withChars("abcXYZ019._-")
                                .ofMinLength(0)
                                .ofMaxLength(128),
                        bytes(),
                        bytes())
                .as(Request::new);
        return Combinators.combine(
                        versions(),
                        Arbitraries.longs().between(0, 100),
                        writes.list().ofMinSize(1).ofMaxSize(8))
                .as(BatchRequest::new);
    }

    @Provide
    Arbitrary<BatchReply> replies() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Combinators.combine(Arbitraries.of(Status.class), versions(), bytes())
                                .as(Reply::new)
                                .list()
                                .ofMaxSize(8))
                .as(BatchReply::new);
    }

    @Provide
    Arbitrary<ScanPage> pages() {
        Arbitrary<Row> rows = Combinators.combine(bytes(), bytes(), versions()).as(Row::new);
        Arbitrary<byte[]> next = bytes().map(b -> b.length == 0 ? null : b);
        return Combinators.combine(rows.list().ofMaxSize(8), next, Arbitraries.longs())
                .as(ScanPage::new);
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    }

    private static Arbitrary<Version> versions() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.integers()).as(Version::new);
    }

    private static Arbitrary<Precondition> conditions() {
        return Arbitraries.oneOf(
                Arbitraries.just(Precondition.none()),
                Arbitraries.just(Precondition.absent()),
                versions().map(Precondition::versionIs));
    }
}
