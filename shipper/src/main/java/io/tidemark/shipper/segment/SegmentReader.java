package io.tidemark.shipper.segment;

import static io.tidemark.shipper.segment.SegmentFormat.checkCrc;
import static io.tidemark.shipper.segment.SegmentFormat.corrupt;
import static io.tidemark.shipper.segment.SegmentFormat.hex;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.segment.SegmentFooter.Block;
import io.tidemark.shipper.store.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads one segment and believes nothing: {@link #open} checks every byte of the object by its CRCs, {@link #forEach}
 * then checks that blocks, entries and content hash are what the footer says. Damage is {@code CORRUPT}, with object,
 * offset, expected and found.
 */
public final class SegmentReader {
    private final String object;
    private final byte[] bytes;
    private final String history;
    private final long first;
    private final int footerOffset;
    private final SegmentFooter footer;

    /** Those that are here, side by side; {@code bytes} begins at this offset of the object. */
    private final List<Block> blocks;

    private final int offset;

    private SegmentReader(
            String object, byte[] bytes, String history, long first, int footerOffset, SegmentFooter footer) {
        this(object, bytes, 0, history, first, footerOffset, footer, footer.blocks());
    }

    private SegmentReader(
            String object,
            byte[] bytes,
            int offset,
            String history,
            long first,
            int footerOffset,
            SegmentFooter footer,
            List<Block> blocks) {
        this.object = object;
        this.bytes = bytes;
        this.offset = offset;
        this.history = history;
        this.first = first;
        this.footerOffset = footerOffset;
        this.footer = footer;
        this.blocks = blocks;
    }

    /** Some blocks of a segment, side by side, of which {@code bytes} are all; checked here. */
    static SegmentReader part(
            SegmentName name, SegmentFooter footer, int footerOffset, List<Block> blocks, byte[] bytes) {
        int offset = Math.toIntExact(blocks.get(0).offset());
        checkBlocks(name.key(), bytes, offset, offset, offset + bytes.length, blocks);
        return new SegmentReader(name.key(), bytes, offset, name.history(), name.first(), footerOffset, footer, blocks);
    }

    /** Opens an object under its key, which must say what the segment says of itself. */
    public static SegmentReader open(SegmentName name, byte[] bytes) {
        SegmentReader reader = open(name.key(), bytes);
        SegmentName found = reader.name();
        if (!found.equals(name)) {
            throw corrupt(name.key(), 0, "the segment's own name", name, found);
        }
        return reader;
    }

    /** Opens bytes from anywhere; {@code object} names them in errors. */
    public static SegmentReader open(String object, byte[] bytes) {
        int headerEnd = checkHeader(object, bytes);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int trailer = bytes.length - SegmentFormat.TRAILER_BYTES;
        checkCrc(object, bytes, trailer, bytes.length - SegmentFormat.CRC_BYTES, "trailer");
        if (all.getLong(trailer + 12) != SegmentFormat.END_MAGIC) {
            throw corrupt(object, trailer + 12L, "end magic", "TMSEGEND", hexLong(all.getLong(trailer + 12)));
        }
        long footerOffset = all.getLong(trailer);
        if (footerOffset < headerEnd || footerOffset > trailer - SegmentFormat.CRC_BYTES) {
            throw corrupt(object, trailer, "footer offset", headerEnd + ".." + trailer, footerOffset);
        }
        int footerAt = Math.toIntExact(footerOffset);
        checkCrc(object, bytes, footerAt, trailer - SegmentFormat.CRC_BYTES, "footer");
        SegmentFooter footer = decodeFooter(object, bytes, footerAt, trailer);
        long first = all.getLong(12);
        checkBlocks(object, bytes, 0, headerEnd, footerAt, footer.blocks());
        int allCrc = SegmentFormat.crc(bytes, 0, trailer);
        if (all.getInt(trailer + 8) != allCrc) {
            throw corrupt(object, trailer + 8L, "CRC of the whole segment", hex(all.getInt(trailer + 8)), hex(allCrc));
        }
        if (footer.last() < first || footer.entries() != footer.last() - first + 1) {
            throw corrupt(object, footerAt, "entries", first + ".." + footer.last(), footer.entries());
        }
        String history = new String(
                bytes, SegmentFormat.HEADER_FIXED_BYTES, Short.toUnsignedInt(all.getShort(10)), StandardCharsets.UTF_8);
        return new SegmentReader(object, bytes, history, first, footerAt, footer);
    }

    private static int checkHeader(String object, byte[] bytes) {
        int least = SegmentFormat.HEADER_FIXED_BYTES + SegmentFormat.CRC_BYTES + SegmentFormat.TRAILER_BYTES;
        if (bytes.length < least) {
            throw corrupt(object, bytes.length, "length", "at least " + least, bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getLong(0) != SegmentFormat.MAGIC) {
            throw corrupt(object, 0, "magic", "TMSEGMNT", hexLong(header.getLong(0)));
        }
        int historyBytes = Short.toUnsignedInt(header.getShort(10));
        int end = SegmentFormat.HEADER_FIXED_BYTES + historyBytes;
        if (historyBytes > SegmentFormat.HISTORY_BYTES_MAX || end + SegmentFormat.CRC_BYTES > bytes.length) {
            throw corrupt(
                    object, 10, "length of the history's id", "1.." + SegmentFormat.HISTORY_BYTES_MAX, historyBytes);
        }
        checkCrc(object, bytes, 0, end, "header");
        if (header.getShort(8) != SegmentFormat.VERSION) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "segment " + object + " has format " + header.getShort(8) + ", this build reads "
                            + SegmentFormat.VERSION + "; use a newer one");
        }
        return end + SegmentFormat.CRC_BYTES;
    }

    private static SegmentFooter decodeFooter(String object, byte[] bytes, int footerAt, int trailer) {
        return decodeFooter(object, bytes, footerAt, trailer, 0);
    }

    /** @param offset of {@code bytes} in the object */
    static SegmentFooter decodeFooter(String object, byte[] bytes, int footerAt, int trailer, int offset) {
        int length = trailer - SegmentFormat.CRC_BYTES - footerAt;
        ByteBuffer in = ByteBuffer.wrap(bytes, footerAt, length);
        try {
            SegmentFooter footer = SegmentFooter.decode(in);
            if (in.hasRemaining()) {
                throw corrupt(object, offset + in.position(), "end of the footer", offset + trailer, in.position());
            }
            return footer;
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
            throw corrupt(object, offset + footerAt, "footer", "whole", "cut off after " + length + " bytes");
        }
    }

    /**
     * Blocks stand side by side, each where the index says, each with its CRC.
     *
     * @param offset of {@code bytes} in the object
     * @param from offset in the object where the first block begins
     * @param to where the last one ends
     */
    private static void checkBlocks(String object, byte[] bytes, int offset, int from, int to, List<Block> index) {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int at = from;
        for (Block block : index) {
            if (block.offset() != at || at + SegmentFormat.BLOCK_HEADER_BYTES > to) {
                throw corrupt(object, at, "offset of the block of LSN " + block.firstLsn(), block.offset(), at);
            }
            int stored = all.getInt(at - offset);
            if (stored < 0 || stored > to - at - SegmentFormat.BLOCK_HEADER_BYTES) {
                throw corrupt(object, at, "bytes of the block", "at most " + (to - at), stored);
            }
            int expected = all.getInt(at - offset + SegmentFormat.BLOCK_HEADER_BYTES - SegmentFormat.CRC_BYTES);
            int found = SegmentFormat.blockCrc(bytes, at - offset, stored);
            if (expected != found) {
                throw corrupt(object, at, "CRC of the block of LSN " + block.firstLsn(), hex(expected), hex(found));
            }
            at += SegmentFormat.BLOCK_HEADER_BYTES + stored;
        }
        if (at != to) {
            throw corrupt(object, at, "end of the last block", to, at);
        }
    }

    public SegmentName name() {
        return new SegmentName(history, first, footer.last());
    }

    public SegmentFooter footer() {
        return footer;
    }

    /** Bytes of the object that are blocks, headers of blocks included. */
    public long storedBytes() {
        return footerOffset - (long) SegmentFormat.HEADER_FIXED_BYTES - history.length() - SegmentFormat.CRC_BYTES;
    }

    /**
     * Hands out every entry in order; one block is checked and decompressed before its first entry is handed out, the
     * content hash after the last. Of a segment whose other blocks are not here, the entries of those that are, without the
     * content hash.
     */
    public void forEach(Consumer<LogEntry> visitor) {
        MessageDigest hash = Hashes.sha256();
        boolean whole = blocks.size() == footer.blocks().size();
        long next = whole ? first : blocks.get(0).firstLsn();
        for (Block block : blocks) {
            next = readBlock(Math.toIntExact(block.offset()), next, hash, visitor);
        }
        if (whole) {
            checkEnd(next, hash.digest());
        }
    }

    private void checkEnd(long next, byte[] found) {
        if (next != footer.last() + 1) {
            throw corrupt(object, footerOffset, "last LSN", footer.last(), next - 1);
        }
        if (!Arrays.equals(found, footer.contentHash())) {
            throw corrupt(
                    object,
                    footerOffset,
                    "content hash",
                    footer.contentHashHex(),
                    HexFormat.of().formatHex(found));
        }
    }

    /** Reads all of it for its checks alone. */
    public SegmentReader verify() {
        forEach(entry -> {});
        return this;
    }

    private long readBlock(int at, long next, MessageDigest hash, Consumer<LogEntry> visitor) {
        int from = at - offset;
        ByteBuffer header = ByteBuffer.wrap(bytes, from, SegmentFormat.BLOCK_HEADER_BYTES);
        int stored = header.getInt();
        int plainBytes = header.getInt();
        int entries = header.getInt();
        if (plainBytes < 0 || plainBytes > SegmentFormat.BLOCK_PLAIN_BYTES_MAX) {
            throw corrupt(object, at, "plain bytes", "at most " + SegmentFormat.BLOCK_PLAIN_BYTES_MAX, plainBytes);
        }
        byte[] plain = new byte[plainBytes];
        long got =
                Zstd.decompressByteArray(plain, 0, plainBytes, bytes, from + SegmentFormat.BLOCK_HEADER_BYTES, stored);
        if (Zstd.isError(got) || got != plainBytes) {
            throw corrupt(object, at, "plain bytes", plainBytes, Zstd.isError(got) ? Zstd.getErrorName(got) : got);
        }
        hash.update(plain);
        ByteBuffer in = ByteBuffer.wrap(plain);
        long expected = next;
        for (int i = 0; i < entries; i++) {
            visitor.accept(readEntry(at, in, expected));
            expected++;
        }
        if (in.hasRemaining()) {
            throw corrupt(object, at, "entries in the block", entries, "more");
        }
        return expected;
    }

    private LogEntry readEntry(int at, ByteBuffer in, long expected) {
        if (in.remaining() < SegmentFormat.ENTRY_HEADER_BYTES) {
            throw corrupt(object, at, "entry " + expected + " in the block", "whole", in.remaining() + " bytes");
        }
        long lsn = in.getLong();
        long term = in.getLong();
        int kind = in.get();
        int length = in.getInt();
        if (lsn != expected || kind < 1 || kind > EntryKind.values().length || length < 0 || length > in.remaining()) {
            throw corrupt(
                    object,
                    at,
                    "entry in the block",
                    "LSN " + expected,
                    "LSN " + lsn + ", kind " + kind + ", " + length + " bytes");
        }
        byte[] payload = new byte[length];
        in.get(payload);
        return new LogEntry(lsn, term, EntryKind.of(kind), payload);
    }

    static String hexLong(long value) {
        return String.format(java.util.Locale.ROOT, "%016x", value);
    }
}
