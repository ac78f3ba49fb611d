package io.tidemark.shipper.pack;

import static io.tidemark.shipper.pack.Damage.corrupt;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * The places of one range of page ids; its bytes are in {@link DirectoryFormat}. In memory, where nodes keep many, it has the
 * entries of the format: 24 bytes a page, and each key once. Threads may read what none changes.
 */
final class DirectoryPart {
    private static final int ZSTD_LEVEL = 3;
    private static final int OFFSET_AT = 4;
    private static final int LENGTH_AT = 8;
    private static final int LSN_AT = 12;
    private static final int CRC_AT = 20;

    /** In place of a pack: the page has no place yet. */
    private static final int NONE = -1;

    private final long first;
    private final List<String> packs;
    private final ByteBuffer entries;

    /** Of {@code pages} page ids from {@code first} on, none of them placed yet. */
    DirectoryPart(long first, int pages) {
        this(first, new ArrayList<>(), ByteBuffer.allocate(pages * DirectoryFormat.ENTRY_BYTES));
        for (int i = 0; i < pages; i++) {
            entries.putInt(i * DirectoryFormat.ENTRY_BYTES, NONE);
        }
    }

    private DirectoryPart(long first, List<String> packs, ByteBuffer entries) {
        this.first = first;
        this.packs = packs;
        this.entries = entries;
    }

    /** The same places, for at least as many page ids. */
    DirectoryPart grown(int pages) {
        DirectoryPart grown = new DirectoryPart(first, pages);
        grown.packs.addAll(packs);
        grown.entries.put(0, entries.array(), entries.arrayOffset(), entries.capacity());
        return grown;
    }

    void put(PagePlace place) {
        int pack = packs.lastIndexOf(place.pack()); // what changes goes to the packs that came last
        if (pack < 0) {
            pack = packs.size();
            packs.add(place.pack());
        }
        int at = at(place.pageId());
        entries.putInt(at, pack);
        entries.putInt(at + OFFSET_AT, place.offset());
        entries.putInt(at + LENGTH_AT, place.length());
        entries.putLong(at + LSN_AT, place.pageLsn());
        entries.putInt(at + CRC_AT, place.crc());
    }

    PagePlace place(long pageId) {
        int at = at(pageId);
        return new PagePlace(
                pageId,
                packs.get(entries.getInt(at)),
                entries.getInt(at + OFFSET_AT),
                entries.getInt(at + LENGTH_AT),
                entries.getLong(at + LSN_AT),
                entries.getInt(at + CRC_AT));
    }

    private int at(long pageId) {
        return (int) (pageId - first) * DirectoryFormat.ENTRY_BYTES;
    }

    long first() {
        return first;
    }

    int pages() {
        return entries.capacity() / DirectoryFormat.ENTRY_BYTES;
    }

    List<PagePlace> places() {
        return LongStream.range(first, first + pages()).mapToObj(this::place).toList();
    }

    /** That it takes in memory, but for objects' headers. */
    int bytes() {
        return entries.array().length + packs.stream().mapToInt(String::length).sum();
    }

    /** With its header, as it stands in an object of parts. */
    byte[] encode() {
        byte[] plain = plain();
        byte[] frame = Zstd.compress(plain, ZSTD_LEVEL);
        ByteBuffer out = ByteBuffer.allocate(DirectoryFormat.PART_HEADER_BYTES + frame.length);
        out.putInt(frame.length).putInt(plain.length).putLong(first).putInt(0).put(frame);
        out.putInt(DirectoryFormat.PART_HEADER_BYTES - DirectoryFormat.CRC_BYTES, crc(out.array(), 0, frame.length));
        return out.array();
    }

    private byte[] plain() {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        int bytes = 4 + 4 + entries.capacity();
        for (int at = 0; at < entries.capacity(); at += DirectoryFormat.ENTRY_BYTES) {
            int pack = entries.getInt(at);
            if (pack == NONE) {
                // rule P1: every page id that was given out has a page
                throw new TidemarkException(
                        ErrorKind.FATAL,
                        "the directory has no place for page " + (first + at / DirectoryFormat.ENTRY_BYTES)
                                + ", which exists");
            }
            if (numbers.putIfAbsent(pack, numbers.size()) == null) {
                bytes += 2 + utf8(packs.get(pack)).length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(pages()).putInt(numbers.size());
        numbers.keySet().forEach(pack -> {
            byte[] key = utf8(packs.get(pack));
            out.putShort((short) key.length).put(key);
        });
        int start = out.position();
        out.put(entries.duplicate().clear());
        for (int at = 0; at < entries.capacity(); at += DirectoryFormat.ENTRY_BYTES) {
            out.putInt(start + at, numbers.get(entries.getInt(at)));
        }
        return out.array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** CRC of a part: its header but for the crc field, then the zstd frame. */
    static int crc(byte[] bytes, int at, int frameBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, DirectoryFormat.PART_HEADER_BYTES - DirectoryFormat.CRC_BYTES);
        crc.update(bytes, at + DirectoryFormat.PART_HEADER_BYTES, frameBytes);
        return (int) crc.getValue();
    }

    /** Reads the part that stands at {@code at}, which has {@code length} bytes with its header. */
    static DirectoryPart decode(String object, long offset, byte[] bytes, int at, int length) {
        ByteBuffer header = ByteBuffer.wrap(bytes, at, length);
        int frameBytes = length < DirectoryFormat.PART_HEADER_BYTES ? -1 : header.getInt();
        if (frameBytes != length - DirectoryFormat.PART_HEADER_BYTES) {
            throw corrupt(object, offset, "bytes of the part", length, frameBytes);
        }
        int plainBytes = header.getInt();
        long first = header.getLong();
        int stored = header.getInt();
        int found = crc(bytes, at, frameBytes);
        if (stored != found) {
            throw corrupt(object, offset, "CRC of the part of page " + first, Damage.hex(stored), Damage.hex(found));
        }
        if (plainBytes < 8 || plainBytes > DirectoryFormat.PART_PLAIN_BYTES_MAX) {
            throw corrupt(object, offset, "plain bytes", "at most " + DirectoryFormat.PART_PLAIN_BYTES_MAX, plainBytes);
        }
        byte[] plain = new byte[plainBytes];
        long got = Zstd.decompressByteArray(
                plain, 0, plainBytes, bytes, at + DirectoryFormat.PART_HEADER_BYTES, frameBytes);
        if (Zstd.isError(got) || got != plainBytes) {
            throw corrupt(object, offset, "plain bytes", plainBytes, Zstd.isError(got) ? Zstd.getErrorName(got) : got);
        }
        try {
            return decodePlain(object, offset, first, ByteBuffer.wrap(plain));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw corrupt(object, offset, "the part of page " + first, "whole", "cut off");
        }
    }

    private static DirectoryPart decodePlain(String object, long offset, long first, ByteBuffer in) {
        int pages = in.getInt();
        int packs = in.getInt();
        if (pages < 1 || pages > in.remaining() / DirectoryFormat.ENTRY_BYTES || packs > in.remaining() / 2) {
            throw corrupt(object, offset, "pages", "as many as there are entries", pages + " in " + packs + " packs");
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < packs; i++) {
            byte[] key = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(key);
            keys.add(new String(key, StandardCharsets.UTF_8));
        }
        ByteBuffer entries = in.slice(in.position(), pages * DirectoryFormat.ENTRY_BYTES);
        for (int at = 0; at < entries.capacity(); at += DirectoryFormat.ENTRY_BYTES) {
            Objects.checkIndex(entries.getInt(at), packs);
        }
        if (in.remaining() != entries.capacity()) {
            throw corrupt(object, offset, "end of the part", "no more bytes", in.remaining() - entries.capacity());
        }
        return new DirectoryPart(first, keys, entries);
    }
}
