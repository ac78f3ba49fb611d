package io.tidemark.engine.state;

import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Rows of the session tree, big-endian. A session's header sorts before its replies.
 *
 * <pre>
 *   header    key    session lsn 8 | session index 4
 *             value  usedAt lsn 8 | usedAt index 4 | usedMillis 8 | forgotten 8
 *   replies   key    session lsn 8 | session index 4 | entry lsn 8
 *             value  reply ...
 *   reply     sequence - sequence before, varint | flags 1 | version | payload, if bit 7
 *   flags     bits 0-3 status | bit 6 version is of this entry | bit 7 has a payload
 *   version   index, varint (bit 6); else lsn 8 | index 4
 *   payload   length 4 | bytes
 * </pre>
 */
final class SessionRow {
    private static final int HEADER_KEY_BYTES = 8 + 4;
    private static final int HEADER_BYTES = 8 + 4 + 8 + 8;
    private static final int REPLY_BYTES_MAX = 10 + 1 + 8 + 4 + 4;
    private static final int STATUS = 0x0F;
    private static final int OWN_VERSION = 0x40;
    private static final int HAS_PAYLOAD = 0x80;
    private static final Status[] STATUSES = Status.values();

    private SessionRow() {}

    static byte[] headerKey(Version session) {
        return ByteBuffer.allocate(HEADER_KEY_BYTES)
                .putLong(session.lsn())
                .putInt(session.index())
                .array();
    }

    static byte[] repliesKey(Version session, long lsn) {
        return ByteBuffer.allocate(HEADER_KEY_BYTES + 8)
                .putLong(session.lsn())
                .putInt(session.index())
                .putLong(lsn)
                .array();
    }

    static boolean isHeader(byte[] key) {
        return key.length == HEADER_KEY_BYTES;
    }

    static Version session(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        return new Version(in.getLong(), in.getInt());
    }

    static long repliesLsn(byte[] key) {
        return ByteBuffer.wrap(key).getLong(HEADER_KEY_BYTES);
    }

    static byte[] header(Session session) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putLong(session.usedAt.lsn())
                .putInt(session.usedAt.index())
                .putLong(session.usedMillis)
                .putLong(session.forgotten)
                .array();
    }

    static Session readHeader(Version id, ByteBuffer in) {
        Session session = new Session(id, new Version(in.getLong(), in.getInt()), in.getLong(), in.getLong());
        session.stored = true;
        return session;
    }

    /** The row of this entry's replies that are not forgotten yet, noted in the session; null when there is none. */
    static byte[] freshReplies(Session session, long lsn) {
        List<Long> kept = session.fresh.stream()
                .filter(session.replies::containsKey)
                .sorted()
                .toList();
        session.fresh.clear();
        if (kept.isEmpty()) {
            return null;
        }
        int bytesMax = 0;
        for (long sequence : kept) {
            bytesMax += REPLY_BYTES_MAX + session.replies.get(sequence).payload().length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytesMax);
        long before = 0;
        for (long sequence : kept) {
            putVarint(sequence - before, out);
            before = sequence;
            put(session.replies.get(sequence), lsn, out);
        }
        session.rows.put(lsn, before);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void put(Reply reply, long lsn, ByteBuffer out) {
        boolean own = reply.version().lsn() == lsn;
        boolean hasPayload = reply.payload().length > 0;
        out.put((byte) (reply.status().ordinal() | (own ? OWN_VERSION : 0) | (hasPayload ? HAS_PAYLOAD : 0)));
        if (own) {
            putVarint(reply.version().index(), out);
        } else {
            out.putLong(reply.version().lsn()).putInt(reply.version().index());
        }
        if (hasPayload) {
            out.putInt(reply.payload().length).put(reply.payload());
        }
    }

    /** Hands out the replies of a row; answers the greatest sequence in it. */
    static long readReplies(long lsn, byte[] row, BiConsumer<Long, Reply> target) {
        ByteBuffer in = ByteBuffer.wrap(row);
        long sequence = 0;
        while (in.hasRemaining()) {
            sequence += getVarint(in);
            int flags = in.get();
            int status = flags & STATUS;
            if (status >= STATUSES.length) {
                throw new IllegalStateException("reply of status " + status + " in the session row of entry " + lsn);
            }
            Version version = (flags & OWN_VERSION) != 0
                    ? new Version(lsn, (int) getVarint(in))
                    : new Version(in.getLong(), in.getInt());
            byte[] payload = new byte[(flags & HAS_PAYLOAD) != 0 ? in.getInt() : 0];
            in.get(payload);
            target.accept(sequence, new Reply(STATUSES[status], version, payload));
        }
        return sequence;
    }

    private static void putVarint(long value, ByteBuffer out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long getVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
