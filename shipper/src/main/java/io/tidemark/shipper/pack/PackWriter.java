package io.tidemark.shipper.pack;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.store.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds one pack, page by page; the layout is in {@link PackFormat}. Holds the stored bytes, no plain ones. */
public final class PackWriter {
    private static final int ZSTD_LEVEL = 3;
    private static final int GROWTH_MAX = 1 << 20;

    private final PackName name;
    private final String key;
    private final int pageBytes;
    private final MessageDigest contentHash = Hashes.sha256();
    private final List<PagePlace> places = new ArrayList<>();
    private final byte[] plain;
    private byte[] out = new byte[4096];
    private int size;

    public PackWriter(PackName name, int pageBytes) {
        this.name = name;
        this.key = name.key();
        this.pageBytes = pageBytes;
        this.plain = new byte[pageBytes];
        byte[] history = name.history().getBytes(StandardCharsets.UTF_8);
        if (name.kind() != Kind.PACK || history.length > PackFormat.HISTORY_BYTES_MAX) {
            throw new TidemarkException(ErrorKind.INVALID, "a pack cannot be called " + name);
        }
        ByteBuffer header = ByteBuffer.allocate(PackFormat.HEADER_FIXED_BYTES + history.length);
        header.putLong(PackFormat.MAGIC).putShort(PackFormat.VERSION).putShort((short) history.length);
        header.putLong(name.lsn()).putInt(pageBytes).put(history);
        add(header.array());
        addCrc(0);
    }

    /** The next page: its id is above those before, its LSN not above the checkpoint's, its CRC set. */
    public void add(PageImage image) {
        long last = places.isEmpty() ? -1 : places.get(places.size() - 1).pageId();
        if (image.pageId() <= last
                || image.pageLsn() > name.lsn()
                || image.bytes().remaining() != pageBytes) {
            throw new TidemarkException(
                    ErrorKind.FATAL,
                    "page " + image.pageId() + " of LSN " + image.pageLsn() + " cannot follow page " + last + " in "
                            + name);
        }
        image.bytes().get(image.bytes().position(), plain);
        contentHash.update(plain);
        int bound = Math.toIntExact(Zstd.compressBound(pageBytes));
        int at = reserve(PackFormat.IMAGE_HEADER_BYTES + bound);
        int frame = at + PackFormat.IMAGE_HEADER_BYTES;
        long written = Zstd.compressByteArray(out, frame, bound, plain, 0, pageBytes, ZSTD_LEVEL);
        if (Zstd.isError(written)) {
            throw new TidemarkException(ErrorKind.FATAL, "zstd cannot compress: " + Zstd.getErrorName(written));
        }
        int end = frame + Math.toIntExact(written);
        ByteBuffer.wrap(out).putInt(at, Damage.crc(out, frame, end));
        size = end;
        places.add(new PagePlace(image.pageId(), key, at, end - at, image.pageLsn(), image.crc()));
    }

    public int pages() {
        return places.size();
    }

    /** Plain bytes of the pages so far. */
    public long plainBytes() {
        return (long) places.size() * pageBytes;
    }

    /** Ends the pack. The writer is of no further use. */
    public SealedPack finish() {
        byte[] hash = contentHash.digest();
        int footerAt = size;
        ByteBuffer footer = ByteBuffer.allocate(PackFormat.FOOTER_FIXED_BYTES + places.size() * PackFormat.ENTRY_BYTES);
        footer.putInt(places.size()).put(hash);
        for (PagePlace place : places) {
            footer.putLong(place.pageId()).putLong(place.pageLsn()).putInt(place.crc());
            footer.putInt(place.offset()).putInt(place.length());
        }
        add(footer.array());
        addCrc(footerAt);
        int trailerAt = size;
        ByteBuffer trailer = ByteBuffer.allocate(PackFormat.TRAILER_BYTES - PackFormat.CRC_BYTES);
        trailer.putLong(footerAt).putInt(Damage.crc(out, 0, size)).putLong(PackFormat.END_MAGIC);
        add(trailer.array());
        addCrc(trailerAt);
        return new SealedPack(name, Arrays.copyOf(out, size), hash, places);
    }

    private void add(byte[] bytes) {
        int at = reserve(bytes.length);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        size += bytes.length;
    }

    private void addCrc(int from) {
        int at = reserve(PackFormat.CRC_BYTES);
        ByteBuffer.wrap(out).putInt(at, Damage.crc(out, from, at));
        size += PackFormat.CRC_BYTES;
    }

    private int reserve(int count) {
        int needed = Math.addExact(size, count);
        if (needed > out.length) {
            out = Arrays.copyOf(out, Math.max(needed, out.length + Math.min(out.length, GROWTH_MAX)));
        }
        return size;
    }
}
