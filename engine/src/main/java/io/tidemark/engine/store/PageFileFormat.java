package io.tidemark.engine.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The page file: slots of one page each; slot 0 is the file's header, the others hold page images as they are. Big-endian.
 *
 * <pre>
 *  0       4       8       12      16         page size
 *  +-------+-------+-------+-------+---- ... -+
 *  | TMPF  |version|page   |CRC32C | zeros    |   CRC32C over the 12 bytes before it
 *  |       |       |bytes  |       |          |
 *  +-------+-------+-------+-------+---- ... -+
 * </pre>
 */
final class PageFileFormat {
    static final int MAGIC = 0x544D5046;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 16;

    private PageFileFormat() {}

    static ByteBuffer header(int pageBytes) {
        ByteBuffer header = ByteBuffer.allocate(pageBytes);
        header.putInt(MAGIC).putInt(VERSION).putInt(pageBytes);
        header.putInt(crc(header.array()));
        return header.rewind();
    }

    /** The page size that the header tells, -1 when it is no whole header. */
    static int pageBytes(byte[] header) {
        ByteBuffer in = ByteBuffer.wrap(header);
        boolean whole = in.getInt(0) == MAGIC && in.getInt(4) == VERSION && in.getInt(12) == crc(header);
        return whole ? in.getInt(8) : -1;
    }

    private static int crc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 12);
        return (int) crc.getValue();
    }

    /**
     * Checks the header of a page file, and writes it where there is none yet.
     *
     * @param isNew no page was ever stored
     * @throws TidemarkException {@code CORRUPT} without a header, {@code INVALID} for one of another page size
     */
    static void begin(Disk disk, Path path, DiskFile file, int pageBytes, boolean isNew) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        file.read(header, 0);
        int found = pageBytes(header.array());
        if (found == -1 && isNew) {
            file.write(header(pageBytes), 0);
            file.sync();
            disk.syncDirectory(path.getParent());
        } else if (found == -1) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, path + " at offset 0: no whole header of a page file, but the table has pages");
        } else if (found != pageBytes) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    path + " was made with pages of " + found + " bytes; open it with pageBytes=" + found + ", not "
                            + pageBytes);
        }
    }
}
