package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.LeafRecord.Reference;
import io.tidemark.engine.page.OverflowPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** A value too large for a leaf, in pages linked one to the next. */
final class OverflowRun {
    private OverflowRun() {}

    /** Writes the value to newly allocated pages. */
    static Reference write(PageWriter writer, PageAllocator allocator, byte[] value) {
        int room = OverflowPage.room(writer.pageBytes());
        writer.expectValue(value.length);
        Frame frame = allocator.allocate();
        long first = frame.pageId();
        int from = 0;
        while (value.length - from > room) {
            Frame next = allocator.allocate();
            writer.formatOverflow(frame, next.pageId(), value, from, room);
            from += room;
            frame = next;
        }
        writer.formatOverflow(frame, PageHeader.NO_PAGE, value, from, value.length - from);
        return new Reference(first, frame.pageId(), value.length, crc(value));
    }

    static void free(PageWriter writer, PageAllocator allocator, Reference reference) {
        int pages = OverflowPage.pages(writer.pageBytes(), reference.length());
        allocator.freeRun(reference.firstPage(), reference.lastPage(), pages);
    }

    /** The value; {@code CORRUPT} when the pages do not hold what the reference says. */
    static byte[] read(PageSource pages, Reference reference, Use use) {
        return read(pages, reference, use, pageId -> {});
    }

    /**
     * @param visited told each page of the run, before it is read
     */
    static byte[] read(PageSource pages, Reference reference, Use use, LongConsumer visited) {
        byte[] value = new byte[reference.length()];
        int at = 0;
        long pageId = reference.firstPage();
        long last = pageId;
        while (at < value.length) {
            visited.accept(pageId);
            Frame frame = pages.pin(pageId, use);
            try {
                at += part(frame, reference, value, at);
                last = pageId;
                pageId = PageHeader.next(frame.page());
            } finally {
                pages.unpin(frame);
            }
        }
        if (last != reference.lastPage() || pageId != PageHeader.NO_PAGE || crc(value) != reference.crc()) {
            throw damaged(reference, "ends at page " + last + " with CRC32C " + Integer.toHexString(crc(value)));
        }
        return value;
    }

    private static int part(Frame frame, Reference reference, byte[] value, int at) {
        ByteBuffer page = frame.page();
        boolean overflow = PageHeader.type(page) == PageType.OVERFLOW;
        int bytes = overflow ? OverflowPage.bytes(page) : 0;
        if (bytes <= 0 || bytes > value.length - at || bytes > OverflowPage.room(page.capacity())) {
            throw damaged(reference, "page " + frame.pageId() + " has " + bytes + " B at offset " + at);
        }
        OverflowPage.read(page, value, at);
        return bytes;
    }

    private static TidemarkException damaged(Reference reference, String found) {
        return new TidemarkException(ErrorKind.CORRUPT, "large value " + reference + ": " + found);
    }

    private static int crc(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value, 0, value.length);
        return (int) crc.getValue();
    }
}
