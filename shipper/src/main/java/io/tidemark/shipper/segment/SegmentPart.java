package io.tidemark.shipper.segment;

import static io.tidemark.shipper.segment.SegmentFormat.checkCrc;
import static io.tidemark.shipper.segment.SegmentFormat.corrupt;

import io.tidemark.shipper.segment.SegmentFooter.Block;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads some entries of a segment by ranges: its end, which says where the blocks are, and the blocks that hold them. What
 * is read is checked by its own CRCs; the header, the other blocks and the content hash are not looked at.
 */
public final class SegmentPart {
    /** Most footers are within so much of the end, so that one range has all of it. */
    private static final int END_BYTES = 64 << 10;

    private SegmentPart() {}

    /** Hands out bytes of the object; it has so many. */
    @FunctionalInterface
    public interface Source {
        byte[] range(long offset, int length);
    }

    /**
     * The blocks that hold the entries {@code from..to}, with perhaps more before and after.
     *
     * @param bytes of the object
     * @throws io.tidemark.engine.error.TidemarkException {@code CORRUPT}, with object, offset, expected and found
     */
    public static SegmentReader read(SegmentName name, long bytes, long from, long to, Source source) {
        int least = SegmentFormat.HEADER_FIXED_BYTES + SegmentFormat.CRC_BYTES + SegmentFormat.TRAILER_BYTES;
        if (bytes < least || bytes > Integer.MAX_VALUE) {
            throw corrupt(name.key(), bytes, "length", "at least " + least, bytes);
        }
        byte[] end = source.range(bytes - Math.min(bytes, END_BYTES), (int) Math.min(bytes, END_BYTES));
        int footerOffset = footerOffset(name, bytes, end);
        int offset = (int) bytes - end.length;
        if (footerOffset < offset) {
            offset = footerOffset;
            end = source.range(offset, (int) bytes - offset);
        }
        int trailer = end.length - SegmentFormat.TRAILER_BYTES;
        checkCrc(name.key(), end, footerOffset - offset, trailer - SegmentFormat.CRC_BYTES, "footer");
        SegmentFooter footer = SegmentReader.decodeFooter(name.key(), end, footerOffset - offset, trailer, offset);
        if (footer.last() != name.last() || footer.blocks().isEmpty()) {
            throw corrupt(name.key(), footerOffset, "last LSN", name.last(), footer.last());
        }
        return blocks(name, footer, footerOffset, from, to, source);
    }

    private static int footerOffset(SegmentName name, long bytes, byte[] end) {
        int trailer = end.length - SegmentFormat.TRAILER_BYTES;
        long at = bytes - SegmentFormat.TRAILER_BYTES;
        ByteBuffer all = ByteBuffer.wrap(end);
        checkCrc(name.key(), end, trailer, end.length - SegmentFormat.CRC_BYTES, "trailer");
        if (all.getLong(trailer + 12) != SegmentFormat.END_MAGIC) {
            throw corrupt(
                    name.key(), at + 12, "end magic", "TMSEGEND", SegmentReader.hexLong(all.getLong(trailer + 12)));
        }
        long footerOffset = all.getLong(trailer);
        if (footerOffset < SegmentFormat.HEADER_FIXED_BYTES || footerOffset > at - SegmentFormat.CRC_BYTES) {
            throw corrupt(name.key(), at, "footer offset", "within the object", footerOffset);
        }
        return Math.toIntExact(footerOffset);
    }

    private static SegmentReader blocks(
            SegmentName name, SegmentFooter footer, int footerOffset, long from, long to, Source source) {
        List<Block> all = footer.blocks();
        int first = 0;
        while (first + 1 < all.size() && all.get(first + 1).firstLsn() <= from) {
            first++;
        }
        int after = first + 1;
        while (after < all.size() && all.get(after).firstLsn() <= to) {
            after++;
        }
        long begin = all.get(first).offset();
        long end = after < all.size() ? all.get(after).offset() : footerOffset;
        if (begin < 0 || end <= begin || end > footerOffset) {
            throw corrupt(
                    name.key(), footerOffset, "offsets of blocks", "rising, below " + footerOffset, begin + ".." + end);
        }
        byte[] bytes = source.range(begin, Math.toIntExact(end - begin));
        return SegmentReader.part(name, footer, footerOffset, all.subList(first, after), bytes);
    }
}
