package io.tidemark.engine.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.page.PageHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a page file holds, slot by slot, for a person to read. It judges by the file alone: which of two images of a page
 * is the current one, and which slots are free, only the page table knows.
 */
public final class PageFileListing {

    /**
     * A slot that has been written.
     *
     * @param page one whole page, from index 0; valid during the call only
     * @param wrong what is wrong with it, null when it is whole
     */
    public record Slot(long slot, ByteBuffer page, String wrong) {}

    private PageFileListing() {}

    /** Bytes of a page, as the file's header says; {@code CORRUPT} when it has none. */
    public static int pageBytes(Disk disk, Path path) {
        try {
            if (!disk.exists(path)) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, path + " does not exist");
            }
            try (DiskFile file = disk.open(path)) {
                ByteBuffer header = ByteBuffer.allocate(PageFileFormat.HEADER_BYTES);
                file.read(header, 0);
                int pageBytes = PageFileFormat.pageBytes(header.array());
                if (pageBytes < 0) {
                    throw new TidemarkException(
                            ErrorKind.CORRUPT, path + " at offset 0: no whole header of a page file");
                }
                return pageBytes;
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Hands out every slot that is not all zeros, in order. */
    public static void read(Disk disk, Path path, Consumer<Slot> visitor) {
        int pageBytes = pageBytes(disk, path);
        try (DiskFile file = disk.open(path)) {
            ByteBuffer page = ByteBuffer.allocate(pageBytes);
            for (long slot = 1; slot * pageBytes < file.size(); slot++) {
                page.clear();
                int read = file.read(page, slot * pageBytes);
                page.clear();
                if (page.mismatch(ByteBuffer.allocate(pageBytes)) >= 0) {
                    visitor.accept(new Slot(slot, page, wrong(page, read)));
                }
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static String wrong(ByteBuffer page, int read) {
        if (read < page.capacity()) {
            return "the file ends " + (page.capacity() - read) + " bytes early";
        }
        int magic = page.getInt(PageHeader.MAGIC_OFFSET);
        if (magic != PageHeader.MAGIC) {
            return String.format("magic %08x expected, %08x found", PageHeader.MAGIC, magic);
        }
        int stored = PageHeader.storedCrc(page);
        int actual = PageHeader.crc(page);
        return stored == actual ? null : String.format("CRC %08x stored, %08x computed", stored, actual);
    }

    private static TidemarkException unreadable(Path path, IOException e) {
        return new TidemarkException(ErrorKind.CORRUPT, path + " cannot be read: " + e.getMessage(), e);
    }
}
