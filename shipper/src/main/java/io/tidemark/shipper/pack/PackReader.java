package io.tidemark.shipper.pack;

import static io.tidemark.shipper.pack.Damage.checkCrc;
import static io.tidemark.shipper.pack.Damage.corrupt;
import static io.tidemark.shipper.pack.Damage.hex;

import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.store.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads one whole pack and believes nothing: {@link #open} checks every byte of the object by its CRCs, {@link #forEach}
 * then that pages and content hash are what the footer says.
 */
public final class PackReader {
    private final PackName name;
    private final byte[] bytes;
    private final int pageBytes;
    private final byte[] contentHash;
    private final List<PagePlace> places;

    private PackReader(PackName name, byte[] bytes, int pageBytes, byte[] contentHash, List<PagePlace> places) {
        this.name = name;
        this.bytes = bytes;
        this.pageBytes = pageBytes;
        this.contentHash = contentHash;
        this.places = places;
    }

    /** Opens an object under its key, which must say what the pack says of itself. */
    public static PackReader open(PackName name, byte[] bytes) {
        String object = name.key();
        int headerEnd = checkHeader(name, bytes);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int trailer = bytes.length - PackFormat.TRAILER_BYTES;
        checkCrc(object, bytes, trailer, bytes.length - PackFormat.CRC_BYTES, "trailer");
        if (all.getLong(trailer + 12) != PackFormat.END_MAGIC) {
            throw corrupt(object, trailer + 12L, "end magic", "TMPAGEND", hex(all.getLong(trailer + 12)));
        }
        long footerOffset = all.getLong(trailer);
        int footerEnd = trailer - PackFormat.CRC_BYTES;
        if (footerOffset < headerEnd || footerOffset > footerEnd - PackFormat.FOOTER_FIXED_BYTES) {
            throw corrupt(object, trailer, "footer offset", headerEnd + ".." + footerEnd, footerOffset);
        }
        int footerAt = Math.toIntExact(footerOffset);
        checkCrc(object, bytes, footerAt, footerEnd, "footer");
        int found = Damage.crc(bytes, 0, trailer);
        if (all.getInt(trailer + 8) != found) {
            throw corrupt(object, trailer + 8L, "CRC of the whole pack", hex(all.getInt(trailer + 8)), hex(found));
        }
        int pages = all.getInt(footerAt);
        if (pages < 0
                || (long) pages * PackFormat.ENTRY_BYTES != footerEnd - footerAt - PackFormat.FOOTER_FIXED_BYTES) {
            throw corrupt(object, footerAt, "pages", "as many as the footer has entries", pages);
        }
        byte[] hash = Arrays.copyOfRange(bytes, footerAt + 4, footerAt + PackFormat.FOOTER_FIXED_BYTES);
        ByteBuffer entries = all.position(footerAt + PackFormat.FOOTER_FIXED_BYTES);
        List<PagePlace> places = places(name, entries, pages, headerEnd, footerAt);
        return new PackReader(name, bytes, all.getInt(20), hash, places);
    }

    private static int checkHeader(PackName name, byte[] bytes) {
        String object = name.key();
        int least = PackFormat.HEADER_FIXED_BYTES
                + PackFormat.CRC_BYTES
                + PackFormat.FOOTER_FIXED_BYTES
                + PackFormat.CRC_BYTES
                + PackFormat.TRAILER_BYTES;
        if (bytes.length < least) {
            throw corrupt(object, bytes.length, "length", "at least " + least, bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getLong(0) != PackFormat.MAGIC) {
            throw corrupt(object, 0, "magic", "TMPAGPCK", hex(header.getLong(0)));
        }
        int historyBytes = Short.toUnsignedInt(header.getShort(10));
        int end = PackFormat.HEADER_FIXED_BYTES + historyBytes;
        if (historyBytes > PackFormat.HISTORY_BYTES_MAX || end + PackFormat.CRC_BYTES > bytes.length) {
            throw corrupt(object, 10, "length of the history's id", "1.." + PackFormat.HISTORY_BYTES_MAX, historyBytes);
        }
        checkCrc(object, bytes, 0, end, "header");
        if (header.getShort(8) != PackFormat.VERSION) {
            throw Damage.newer(object, header.getShort(8), PackFormat.VERSION);
        }
        String history = new String(bytes, PackFormat.HEADER_FIXED_BYTES, historyBytes, StandardCharsets.UTF_8);
        if (!history.equals(name.history()) || header.getLong(12) != name.lsn()) {
            throw corrupt(object, 0, "the pack's own name", name, history + " at LSN " + header.getLong(12));
        }
        return end + PackFormat.CRC_BYTES;
    }

    /** Images stand side by side from the header to the footer, in order of their pages' ids. */
    private static List<PagePlace> places(PackName name, ByteBuffer in, int pages, int from, int to) {
        String key = name.key();
        List<PagePlace> places = new ArrayList<>(pages);
        int at = from;
        long last = -1;
        for (int i = 0; i < pages; i++) {
            int entryAt = in.position();
            long id = in.getLong();
            long lsn = in.getLong();
            int crc = in.getInt();
            int offset = in.getInt();
            int length = in.getInt();
            boolean follows = id > last && lsn <= name.lsn() && offset == at;
            if (!follows || length <= PackFormat.IMAGE_HEADER_BYTES || length > to - at) {
                throw corrupt(
                        key,
                        entryAt,
                        "the entry after page " + last,
                        "an image at " + at,
                        "page " + id + " of LSN " + lsn + " at " + offset + " of " + length + " bytes");
            }
            places.add(new PagePlace(id, key, offset, length, lsn, crc));
            at += length;
            last = id;
        }
        if (at != to) {
            throw corrupt(key, at, "end of the last image", to, at);
        }
        return places;
    }

    public PackName name() {
        return name;
    }

    public int pageBytes() {
        return pageBytes;
    }

    /** Places of its images, ids ascending. */
    public List<PagePlace> places() {
        return places;
    }

    public String contentHashHex() {
        return HexFormat.of().formatHex(contentHash);
    }

    public byte[] contentHash() {
        return contentHash.clone();
    }

    /** One page of the pack, checked. */
    public PageImage image(PagePlace place) {
        return StoredImage.open(place, bytes, place.offset(), pageBytes);
    }

    /** Hands out every page in order, each checked; the content hash is checked after the last. */
    public void forEach(Consumer<PageImage> visitor) {
        MessageDigest hash = Hashes.sha256();
        for (PagePlace place : places) {
            PageImage image = image(place);
            hash.update(image.bytes().duplicate());
            visitor.accept(image);
        }
        byte[] found = hash.digest();
        if (!Arrays.equals(found, contentHash)) {
            throw corrupt(
                    name.key(),
                    bytes.length,
                    "content hash",
                    contentHashHex(),
                    HexFormat.of().formatHex(found));
        }
    }

    /** Reads all of it for its checks alone. */
    public PackReader verify() {
        forEach(image -> {});
        return this;
    }
}
