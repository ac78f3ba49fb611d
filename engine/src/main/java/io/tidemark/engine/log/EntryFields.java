package io.tidemark.engine.log;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The fields that commands are made of, as {@link EntryCodec} draws them. */
final class EntryFields {
    private static final byte CONDITION_NONE = 0;
    private static final byte CONDITION_ABSENT = 1;
    private static final byte CONDITION_VERSION = 2;

    private EntryFields() {}

    static int conditionBytes(Precondition condition) {
        return condition instanceof Precondition.VersionIs ? 1 + 12 : 1;
    }

    static void putCondition(Precondition condition, ByteBuffer out) {
        if (condition instanceof Precondition.VersionIs is) {
            out.put(CONDITION_VERSION);
            putVersion(is.version(), out);
        } else {
            out.put(condition instanceof Precondition.Absent ? CONDITION_ABSENT : CONDITION_NONE);
        }
    }

    static Precondition getCondition(ByteBuffer in) {
        byte code = in.get();
        return switch (code) {
            case CONDITION_NONE -> Precondition.NONE;
            case CONDITION_ABSENT -> Precondition.ABSENT;
            case CONDITION_VERSION -> new Precondition.VersionIs(getVersion(in));
            default -> throw invalid("unknown precondition " + code, in);
        };
    }

    static void putVersion(Version version, ByteBuffer out) {
        out.putLong(version.lsn()).putInt(version.index());
    }

    static Version getVersion(ByteBuffer in) {
        return new Version(in.getLong(), in.getInt());
    }

    static int nameBytes(String name) {
        return 1 + name.getBytes(StandardCharsets.UTF_8).length;
    }

    static int keyBytes(byte[] key) {
        return 2 + key.length;
    }

    static void putKey(byte[] key, ByteBuffer out) {
        out.putShort((short) key.length).put(key);
    }

    static byte[] getKey(ByteBuffer in) {
        return getBytes(Short.toUnsignedInt(in.getShort()), in);
    }

    /** A key, or null, which has length 0: no key has. */
    static int boundBytes(byte[] bound) {
        return 2 + (bound == null ? 0 : bound.length);
    }

    static void putBound(byte[] bound, ByteBuffer out) {
        if (bound == null) {
            out.putShort((short) 0);
        } else {
            putKey(bound, out);
        }
    }

    static byte[] getBound(ByteBuffer in) {
        byte[] bound = getKey(in);
        return bound.length == 0 ? null : bound;
    }

    static void putName(String name, ByteBuffer out) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.put((byte) utf8.length).put(utf8);
    }

    static String getName(ByteBuffer in) {
        return new String(getBytes(Byte.toUnsignedInt(in.get()), in), StandardCharsets.UTF_8);
    }

    static int textBytes(String text) {
        return 2 + text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void putText(String text, ByteBuffer out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) utf8.length).put(utf8);
    }

    static String getText(ByteBuffer in) {
        return new String(getBytes(Short.toUnsignedInt(in.getShort()), in), StandardCharsets.UTF_8);
    }

    static byte[] getBytes(int length, ByteBuffer in) {
        if (length < 0 || length > in.remaining()) {
            throw invalid("a field of " + length + " bytes where " + in.remaining() + " are left", in);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static TidemarkException invalid(String what, ByteBuffer in) {
        return new TidemarkException(ErrorKind.INVALID, "not an entry: " + what + " (byte " + in.position() + ")");
    }
}
