package io.tidemark.engine.store;

import io.tidemark.engine.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A page on its way to disk: a private copy, its CRC set.
 *
 * @param bytes exactly one page, positioned at its start
 */
public record PageImage(long pageId, long pageLsn, int crc, ByteBuffer bytes) {
    /** What is wrong with a page that should be this one, or null. */
    static String difference(long pageId, long pageLsn, int crc, ByteBuffer page) {
        long id = PageHeader.id(page);
        long lsn = PageHeader.lsn(page);
        int stored = PageHeader.storedCrc(page);
        int actual = PageHeader.crc(page);
        if (id == pageId && lsn == pageLsn && stored == crc && actual == crc) {
            return null;
        }
        return String.format(
                "expected id %d, LSN %d, CRC %08x; found id %d, LSN %d, CRC %08x over bytes of CRC %08x",
                pageId, pageLsn, crc, id, lsn, stored, actual);
    }

    /** The same, by page id. */
    static List<PageImage> inOrder(Collection<PageImage> images) {
        List<PageImage> sorted = new ArrayList<>(images);
        sorted.sort(Comparator.comparingLong(PageImage::pageId));
        return sorted;
    }
}
