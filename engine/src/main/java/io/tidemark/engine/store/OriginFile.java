package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checkpoint that a store began with, all of whose pages were elsewhere then (rule CT5): its directory lists them until
 * the log tells of a later checkpoint. Written once, before the store has its name. Big-endian.
 *
 * <pre>
 *  0       4       8       16      24      32      40      48         80      82
 *  +-------+-------+-------+-------+-------+-------+-------+----------+-------+------------------+-------+
 *  | TMOR  |version| LSN   | base  | term  | chain | bytes | SHA-256  |length | key of the root  |CRC32C |
 *  +-------+-------+-------+-------+-------+-------+-------+----------+-------+------------------+-------+
 * </pre>
 *
 * The CRC covers all bytes before it.
 */
public final class OriginFile {
    static final int MAGIC = 0x544D4F52;
    static final int VERSION = 1;
    private static final int SHA256_BYTES = 32;
    private static final int FIXED_BYTES = 82;

    private OriginFile() {}

    /** Its place in the directory of a store. */
    public static Path beside(Path pageFile) {
        return pageFile.resolveSibling("origin");
    }

    static byte[] encode(Checkpoint origin) {
        byte[] key = origin.directory().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + key.length + Integer.BYTES)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(origin.lsn())
                .putLong(origin.base())
                .putLong(origin.term())
                .putLong(origin.redoChain())
                .putLong(origin.bytes())
                .put(HexFormat.of().parseHex(origin.sha256()))
                .putShort((short) key.length)
                .put(key);
        return out.putInt(crc(out.array())).array();
    }

    /** Writes and syncs file and name. */
    public static void write(Disk disk, Path path, Checkpoint origin) throws IOException {
        try (DiskFile file = disk.open(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(encode(origin)), 0);
            file.sync();
        }
        disk.syncDirectory(path.getParent());
    }

    /** {@link Checkpoint#NONE} where there is no such file; {@code CORRUPT} when it is damaged. */
    static Checkpoint read(Disk disk, Path path) {
        try {
            if (!disk.exists(path)) {
                return Checkpoint.NONE;
            }
            try (DiskFile file = disk.open(path)) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), 1 << 16));
                file.read(bytes, 0);
                return decode(path, bytes.array());
            }
        } catch (IOException e) {
            throw corrupt(path, "it cannot be read: " + e.getMessage(), e);
        }
    }

    static Checkpoint decode(Path path, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int keyBytes = bytes.length - FIXED_BYTES - Integer.BYTES;
        if (keyBytes < 0 || in.getInt() != MAGIC || in.getInt() != VERSION) {
            throw corrupt(path, bytes.length + " bytes are no origin of format " + VERSION, null);
        }
        int stored = in.getInt(bytes.length - Integer.BYTES);
        if (stored != crc(bytes) || in.getShort(FIXED_BYTES - Short.BYTES) != (short) keyBytes) {
            throw corrupt(path, String.format("CRC %08x expected, %08x found", stored, crc(bytes)), null);
        }
        long lsn = in.getLong();
        long base = in.getLong();
        long term = in.getLong();
        long chain = in.getLong();
        long rootBytes = in.getLong();
        byte[] sha256 = new byte[SHA256_BYTES];
        in.get(sha256);
        String key = new String(bytes, FIXED_BYTES, keyBytes, StandardCharsets.UTF_8);
        return new Checkpoint(
                lsn, base, term, chain, key, rootBytes, HexFormat.of().formatHex(sha256));
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static TidemarkException corrupt(Path path, String what, Throwable cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT, path + " is damaged: " + what + "; set the store aside and make it again", cause);
    }
}
