package io.tidemark.engine.store;

import io.tidemark.engine.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.Random;

/** Pages whose bytes follow from id and LSN, for tests of what is under them. */
public final class Pages {
    public static final int BYTES = 1024;

    private Pages() {}

    public static PageImage image(long pageId, long pageLsn) {
        ByteBuffer page = ByteBuffer.allocate(BYTES);
        new Random(pageId * 1_000_003 + pageLsn).nextBytes(page.array());
        page.putInt(PageHeader.MAGIC_OFFSET, PageHeader.MAGIC);
        page.putShort(PageHeader.VERSION_OFFSET, (short) PageHeader.VERSION);
        page.putLong(PageHeader.ID_OFFSET, pageId);
        page.putLong(PageHeader.LSN_OFFSET, pageLsn);
        int crc = PageHeader.crc(page);
        page.putInt(PageHeader.CRC_OFFSET, crc);
        return new PageImage(pageId, pageLsn, crc, page);
    }
}
