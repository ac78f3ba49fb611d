package io.tidemark.shipper.pack;

import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.store.PageImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Pages as tests like them: small, and different for each (id, LSN). */
public final class Pages {
    public static final int BYTES = 1024;
    public static final String HISTORY = "6f0e1c1a-8f5e-4d70-9d6c-0a6b7c8d9e0f";

    private Pages() {}

    public static PageImage image(long id, long lsn) {
        ByteBuffer page = ByteBuffer.allocate(BYTES);
        page.putInt(PageHeader.MAGIC_OFFSET, PageHeader.MAGIC);
        page.putShort(PageHeader.VERSION_OFFSET, (short) PageHeader.VERSION);
        page.putShort(PageHeader.TYPE_OFFSET, (short) PageType.LEAF.code());
        page.putLong(PageHeader.ID_OFFSET, id);
        PageHeader.setLsn(page, lsn);
        byte[] text = ("page " + id + " as of LSN " + lsn + "; ").getBytes(StandardCharsets.UTF_8);
        for (int at = 40; at + text.length < BYTES / 2; at += text.length) {
            page.put(at, text);
        }
        int crc = PageHeader.seal(page);
        return new PageImage(id, lsn, crc, page);
    }

    static byte[] golden(String file) throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream(file)) {
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }
}
