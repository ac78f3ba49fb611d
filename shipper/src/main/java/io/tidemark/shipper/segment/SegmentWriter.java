package io.tidemark.shipper.segment;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.segment.SegmentFooter.Block;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.store.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds one segment, entry by entry; blocks are compressed as they fill. The layout is in {@link SegmentFormat}. Holds
 * the compressed bytes and one block of plain ones.
 */
public final class SegmentWriter {
    /** Compression as a rule. */
    public static final int ZSTD_LEVEL = 3;

    private final String history;
    private final long first;
    private final int zstdLevel;
    private final Bytes out = new Bytes();
    private final MessageDigest contentHash = Hashes.sha256();
    private final List<Block> blocks = new ArrayList<>();
    private final Bytes plain = new Bytes();
    private int blockEntries;
    private long blockFirst;
    private long next;
    private long plainBytes;

    public SegmentWriter(String history, long first) {
        this(history, first, ZSTD_LEVEL);
    }

    /** @param zstdLevel -7 (fast) to 22 (small) */
    public SegmentWriter(String history, long first, int zstdLevel) {
        this.history = history;
        this.first = first;
        this.zstdLevel = zstdLevel;
        this.next = first;
        byte[] name = history.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > SegmentFormat.HISTORY_BYTES_MAX) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "a history's id has 1.." + SegmentFormat.HISTORY_BYTES_MAX + " bytes: " + history);
        }
        ByteBuffer header =
                ByteBuffer.allocate(SegmentFormat.HEADER_FIXED_BYTES + name.length + SegmentFormat.CRC_BYTES);
        header.putLong(SegmentFormat.MAGIC).putShort(SegmentFormat.VERSION).putShort((short) name.length);
        header.putLong(first).put(name);
        header.putInt(SegmentFormat.crc(header.array(), 0, header.position()));
        out.add(header.array());
    }

    /** The entry must be the one after the last added. */
    public void add(LogEntry entry) {
        if (entry.lsn() != next) {
            throw new TidemarkException(
                    ErrorKind.FATAL, "segment from " + first + " wants entry " + next + ", was given " + entry);
        }
        int bytes = SegmentFormat.ENTRY_HEADER_BYTES + entry.payload().length;
        if (blockEntries > 0 && plain.size() + bytes > SegmentFormat.BLOCK_PLAIN_BYTES) {
            closeBlock();
        }
        if (blockEntries == 0) {
            blockFirst = entry.lsn();
        }
        ByteBuffer header = ByteBuffer.allocate(SegmentFormat.ENTRY_HEADER_BYTES);
        header.putLong(entry.lsn()).putLong(entry.term());
        header.put((byte) entry.kind().code()).putInt(entry.payload().length);
        plain.add(header.array());
        plain.add(entry.payload());
        blockEntries++;
        plainBytes += bytes;
        next++;
    }

    private void closeBlock() {
        contentHash.update(plain.array(), 0, plain.size());
        int bound = Math.toIntExact(Zstd.compressBound(plain.size()));
        int at = out.reserve(SegmentFormat.BLOCK_HEADER_BYTES + bound);
        int content = at + SegmentFormat.BLOCK_HEADER_BYTES;
        long written = Zstd.compressByteArray(out.array(), content, bound, plain.array(), 0, plain.size(), zstdLevel);
        if (Zstd.isError(written)) {
            throw new TidemarkException(ErrorKind.FATAL, "zstd cannot compress: " + Zstd.getErrorName(written));
        }
        int storedBytes = Math.toIntExact(written);
        ByteBuffer fields = ByteBuffer.wrap(out.array(), at, SegmentFormat.BLOCK_HEADER_BYTES);
        fields.putInt(storedBytes).putInt(plain.size()).putInt(blockEntries).putLong(blockFirst);
        fields.putInt(SegmentFormat.blockCrc(out.array(), at, storedBytes));
        blocks.add(new Block(blockFirst, at));
        out.added(SegmentFormat.BLOCK_HEADER_BYTES + storedBytes);
        plain.clear(2 * SegmentFormat.BLOCK_PLAIN_BYTES); // one large entry must not keep its room
        blockEntries = 0;
    }

    /** Entries added, with their headers, before compression. */
    public long plainBytes() {
        return plainBytes;
    }

    /** LSN of the last entry added; {@code first - 1} when there is none. */
    public long last() {
        return next - 1;
    }

    /** Ends the segment; it must hold an entry. The writer is of no further use. */
    public SealedSegment finish(Position position) {
        SegmentName name = new SegmentName(history, first, last());
        if (blockEntries > 0) {
            closeBlock();
        }
        SegmentFooter footer =
                new SegmentFooter(last(), next - first, plainBytes, contentHash.digest(), position, blocks);
        int footerOffset = out.size();
        out.add(footer.encode());
        ByteBuffer trailer = ByteBuffer.allocate(SegmentFormat.TRAILER_BYTES);
        trailer.putLong(footerOffset);
        trailer.putInt(SegmentFormat.crc(out.array(), 0, out.size()));
        trailer.putLong(SegmentFormat.END_MAGIC);
        trailer.putInt(SegmentFormat.crc(trailer.array(), 0, trailer.position()));
        out.add(trailer.array());
        byte[] bytes = out.take();
        return new SealedSegment(name, bytes, Hashes.sha256().digest(bytes), footer);
    }
}
