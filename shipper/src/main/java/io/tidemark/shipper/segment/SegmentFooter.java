package io.tidemark.shipper.segment;

import io.tidemark.engine.StorageEngine.TermStart;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * What a segment says about itself; the layout is in {@link SegmentFormat}.
 *
 * @param contentHash SHA-256 over the plain entries, 32 bytes
 * @param position what held after the entry at {@code last}
 * @param blocks where each block begins
 */
public record SegmentFooter(
        long last, long entries, long plainBytes, byte[] contentHash, Position position, List<Block> blocks) {

    public SegmentFooter {
        blocks = List.copyOf(blocks);
    }

    /**
     * The facts about the state after a segment that a node needs to start from there while S3 is away (rule M4).
     *
     * @param redoChain chain value after the last entry (rule W3)
     * @param terms each term begun at or below it, ascending
     * @param configurationLsn LSN of the Raft configuration in force, -1 for none
     * @param configuration its payload, empty for none
     */
    public record Position(long redoChain, List<TermStart> terms, long configurationLsn, byte[] configuration) {
        public Position {
            terms = List.copyOf(terms);
        }
    }

    /** A block, by the LSN of its first entry and its offset in the object. */
    public record Block(long firstLsn, long offset) {}

    public String contentHashHex() {
        return HexFormat.of().formatHex(contentHash);
    }

    byte[] encode() {
        byte[] configuration = position.configuration();
        ByteBuffer out = ByteBuffer.allocate(8
                + 8
                + 8
                + SegmentFormat.HASH_BYTES
                + 8
                + 8
                + 4
                + configuration.length
                + 4
                + 16 * position.terms().size()
                + 4
                + 16 * blocks.size()
                + SegmentFormat.CRC_BYTES);
        out.putLong(last).putLong(entries).putLong(plainBytes).put(contentHash);
        out.putLong(position.redoChain());
        out.putLong(position.configurationLsn()).putInt(configuration.length).put(configuration);
        out.putInt(position.terms().size());
        for (TermStart start : position.terms()) {
            out.putLong(start.term()).putLong(start.firstLsn());
        }
        out.putInt(blocks.size());
        for (Block block : blocks) {
            out.putLong(block.firstLsn()).putLong(block.offset());
        }
        out.putInt(SegmentFormat.crc(out.array(), 0, out.position()));
        return out.array();
    }

    /** Reads what a matching CRC vouches for; a nonsensical length still ends in an exception, not in a large array. */
    static SegmentFooter decode(ByteBuffer in) {
        long last = in.getLong();
        long entries = in.getLong();
        long plainBytes = in.getLong();
        byte[] hash = bytes(in, SegmentFormat.HASH_BYTES);
        long chain = in.getLong();
        long configurationLsn = in.getLong();
        byte[] configuration = bytes(in, in.getInt());
        int termCount = in.getInt();
        List<TermStart> terms = new ArrayList<>();
        for (int i = 0; i < termCount; i++) {
            terms.add(new TermStart(in.getLong(), in.getLong()));
        }
        int blockCount = in.getInt();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < blockCount; i++) {
            blocks.add(new Block(in.getLong(), in.getLong()));
        }
        return new SegmentFooter(
                last, entries, plainBytes, hash, new Position(chain, terms, configurationLsn, configuration), blocks);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        Objects.checkFromIndexSize(0, length, in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
