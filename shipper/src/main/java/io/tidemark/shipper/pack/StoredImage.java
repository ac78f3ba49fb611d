package io.tidemark.shipper.pack;

import com.github.luben.zstd.Zstd;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.PageImage;
import java.nio.ByteBuffer;
import java.util.Locale;

/** An image as it stands in a pack ({@link PackFormat}); all that one ranged read brings. */
public final class StoredImage {
    private StoredImage() {}

    /**
     * The plain page; {@code CORRUPT} unless it is whole and has the id, LSN and CRC that the directory says.
     *
     * @param bytes hold the stored image from {@code from} on
     * @param place what was asked for; its length is that of the stored image
     */
    public static PageImage open(PagePlace place, byte[] bytes, int from, int pageBytes) {
        if (place.length() <= PackFormat.IMAGE_HEADER_BYTES || bytes.length - from < place.length()) {
            throw Damage.corrupt(place.pack(), place.offset(), "stored image", place.length() + " bytes", "fewer");
        }
        int frame = from + PackFormat.IMAGE_HEADER_BYTES;
        int end = from + place.length();
        int stored = ByteBuffer.wrap(bytes).getInt(from);
        int found = Damage.crc(bytes, frame, end);
        if (stored != found) {
            throw Damage.corrupt(
                    place.pack(),
                    place.offset(),
                    "CRC of the image of page " + place.pageId(),
                    Damage.hex(stored),
                    Damage.hex(found));
        }
        byte[] page = new byte[pageBytes];
        long got = Zstd.decompressByteArray(page, 0, pageBytes, bytes, frame, end - frame);
        if (Zstd.isError(got) || got != pageBytes) {
            throw Damage.corrupt(
                    place.pack(),
                    place.offset(),
                    "plain bytes of page " + place.pageId(),
                    pageBytes,
                    Zstd.isError(got) ? Zstd.getErrorName(got) : got);
        }
        return checked(place, ByteBuffer.wrap(page));
    }

    private static PageImage checked(PagePlace place, ByteBuffer page) {
        long id = PageHeader.id(page);
        long lsn = PageHeader.lsn(page);
        int stored = PageHeader.storedCrc(page);
        int actual = PageHeader.crc(page);
        boolean isIt = id == place.pageId() && lsn == place.pageLsn() && stored == place.crc() && actual == stored;
        if (!isIt) {
            throw Damage.corrupt(
                    place.pack(),
                    place.offset(),
                    "the page",
                    describe(place.pageId(), place.pageLsn(), place.crc()),
                    describe(id, lsn, stored) + " over bytes of CRC " + Damage.hex(actual));
        }
        return new PageImage(id, lsn, stored, page);
    }

    private static String describe(long id, long lsn, int crc) {
        return String.format(Locale.ROOT, "id %d, LSN %d, CRC %08x", id, lsn, crc);
    }
}
