package io.tidemark.shipper.pack;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Checks of the objects of this package, and the errors for bytes that are not what was written. */
final class Damage {
    private Damage() {}

    static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    static TidemarkException corrupt(String object, long offset, String what, Object expected, Object found) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "object " + object + " is damaged at byte " + offset + ": " + what + " should be " + expected
                        + ", found " + found);
    }

    /** The CRC of {@code from..to} stands right behind it. */
    static void checkCrc(String object, byte[] bytes, int from, int to, String region) {
        int stored = ByteBuffer.wrap(bytes).getInt(to);
        int found = crc(bytes, from, to);
        if (stored != found) {
            throw corrupt(object, from, "CRC of the " + region, hex(stored), hex(found));
        }
    }

    static TidemarkException newer(String object, int format, int known) {
        return new TidemarkException(
                ErrorKind.INVALID,
                "object " + object + " has format " + format + ", this build reads " + known + "; use a newer one");
    }

    static String hex(int value) {
        return String.format(Locale.ROOT, "%08x", value);
    }

    static String hex(long value) {
        return String.format(Locale.ROOT, "%016x", value);
    }
}
