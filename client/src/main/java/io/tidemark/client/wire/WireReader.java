package io.tidemark.client.wire;

import java.nio.ByteBuffer;

/** Reads a message's fields; a length that the message cannot hold fails before anything is allocated for it. */
final class WireReader {
    private final ByteBuffer in;

    WireReader(byte[] message) {
        this.in = ByteBuffer.wrap(message);
    }

    void expectHeader(int magic, int version, String name) {
        int found = int32(name + " magic");
        if (found != magic) {
            throw new WireException("a " + name + " begins with " + hex(magic) + ", not " + hex(found));
        }
        int foundVersion = uint8(name + " version");
        if (foundVersion != version) {
            throw new WireException(name + " version " + foundVersion + " is not known here, only " + version);
        }
    }

    int uint8(String field) {
        need(1, field);
        return in.get() & 0xff;
    }

    int uint16(String field) {
        need(2, field);
        return in.getShort() & 0xffff;
    }

    int int32(String field) {
        need(4, field);
        return in.getInt();
    }

    long int64(String field) {
        need(8, field);
        return in.getLong();
    }

    /** A count or length field: {@code 0..max}. */
    int length(int max, String field) {
        int at = in.position();
        int found = int32(field);
        if (found < 0 || found > max) {
            throw new WireException(field + " at offset " + at + " is " + found + ", allowed is 0.." + max);
        }
        return found;
    }

    byte[] bytes(int length, String field) {
        need(length, field);
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    void expectZero(int bytes, String field) {
        for (int i = 0; i < bytes; i++) {
            int found = uint8(field);
            if (found != 0) {
                throw new WireException(field + " at offset " + (in.position() - 1) + " is " + found + ", not zero");
            }
        }
    }

    void expectEnd(String name) {
        if (in.hasRemaining()) {
            throw new WireException(in.remaining() + " bytes follow the end of a " + name);
        }
    }

    /** Fails unless {@code count} items of at least {@code bytesEach} can still follow. */
    void needItems(int count, int bytesEach, String field) {
        if ((long) count * bytesEach > in.remaining()) {
            throw new WireException(field + " says " + count + ", but only " + in.remaining() + " bytes follow, "
                    + bytesEach + " each");
        }
    }

    WireException bad(String field, long found) {
        return new WireException(field + " before offset " + in.position() + " cannot be " + found);
    }

    private void need(int bytes, String field) {
        if (in.remaining() < bytes) {
            throw new WireException("message ends at offset " + in.limit() + ", in " + field + " of " + bytes
                    + " bytes at offset " + in.position());
        }
    }

    private static String hex(int value) {
        return String.format("%08x", value);
    }
}
