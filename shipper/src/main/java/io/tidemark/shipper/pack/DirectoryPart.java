package io.tidemark.shipper.pack;

import static io.tidemark.shipper.pack.Damage.corrupt;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** The places of one range of page ids; its bytes are in {@link DirectoryFormat}. */
final class DirectoryPart {
    private static final int ZSTD_LEVEL = 3;

    private final long first;
    private final PagePlace[] places;

    /** Of {@code pages} page ids from {@code first} on, none of them placed yet. */
    DirectoryPart(long first, int pages) {
        this(first, new PagePlace[pages]);
    }

    private DirectoryPart(long first, PagePlace[] places) {
        this.first = first;
        this.places = places;
    }

    /** The same places, for at least as many page ids. */
    DirectoryPart grown(int pages) {
        return new DirectoryPart(first, Arrays.copyOf(places, pages));
    }

    void put(PagePlace place) {
        places[(int) (place.pageId() - first)] = place;
    }

    PagePlace place(long pageId) {
        return places[(int) (pageId - first)];
    }

    long first() {
        return first;
    }

    int pages() {
        return places.length;
    }

    List<PagePlace> places() {
        return List.of(places);
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
        Map<String, Integer> packs = new LinkedHashMap<>();
        int bytes = 4 + 4 + places.length * DirectoryFormat.ENTRY_BYTES;
        for (int i = 0; i < places.length; i++) {
            if (places[i] == null) {
                // rule P1: every page id that was given out has a page
                throw new TidemarkException(
                        ErrorKind.FATAL, "the directory has no place for page " + (first + i) + ", which exists");
            }
            if (packs.putIfAbsent(places[i].pack(), packs.size()) == null) {
                bytes += 2 + utf8(places[i].pack()).length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(places.length).putInt(packs.size());
        packs.keySet().forEach(key -> out.putShort((short) utf8(key).length).put(utf8(key)));
        for (PagePlace place : places) {
            out.putInt(packs.get(place.pack())).putInt(place.offset()).putInt(place.length());
            out.putLong(place.pageLsn()).putInt(place.crc());
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
        PagePlace[] places = new PagePlace[pages];
        for (int i = 0; i < pages; i++) {
            String pack = keys.get(in.getInt());
            places[i] = new PagePlace(first + i, pack, in.getInt(), in.getInt(), in.getLong(), in.getInt());
        }
        if (in.hasRemaining()) {
            throw corrupt(object, offset, "end of the part", "no more bytes", in.remaining());
        }
        return new DirectoryPart(first, places);
    }
}
