package io.tidemark.client.wire;

import io.tidemark.client.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a {@link BatchRequest}: one reply per request, in order. Big-endian.
 *
 * <pre>
 *   0        4    5    8      16      20
 *   +--------+----+----+------+-------+---------------+
 *   | "TmBr" | 01 | 0  | LSN  | count | count x reply |
 *   +--------+----+----+------+-------+---------------+
 *
 *   0        1   4               8             16        20
 *   +--------+---+---------------+-------------+---------+-------+
 *   | status | 0 | version index | version LSN | val len | value |
 *   +--------+---+---------------+-------------+---------+-------+
 * </pre>
 *
 * @param lsn LSN of the state that was read, or the highest LSN of the writes; -1 when nothing was written
 */
public record BatchReply(long lsn, List<Reply> replies) {
    private static final int MAGIC = 0x546d4272;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 20;
    private static final int REPLY_BYTES = 20;
    private static final byte[] EMPTY = {};

    /** What became of a request; the ordinal is part of the format. */
    public enum Status {
        /** Done; the version is that of the command, of the record read, or the id of the session opened. */
        OK,
        /** The key does not exist. */
        NOT_FOUND,
        /** Nothing changed; the version is the one found. */
        CONDITION_FAILED,
        /** The session is not known or the sequence lies below its window: not applied now, perhaps before. */
        OUTCOME_UNKNOWN,
        /** The cluster's own command came too late; nothing changed. */
        REFUSED,
        /** The request breaks a limit; the value is a message in UTF-8. Nothing changed. */
        INVALID,
        /** A read that did not fit into this answer any more; ask again. */
        NOT_ANSWERED,
        /** An open transaction holds the key; the value is its id, 8 bytes. Nothing changed. */
        CONFLICT,
        /** The transaction does not exist, or has ended. Nothing changed. */
        NO_TRANSACTION,
        /** A limit of transactions is reached; the value is the limit, 8 bytes. Nothing changed. */
        LIMIT
    }

    /** @param value what was read, or a message; empty otherwise */
    public record Reply(Status status, Version version, byte[] value) {
        public static Reply of(Status status, Version version) {
            return new Reply(status, version, EMPTY);
        }

        /** Bytes of this reply in a message. */
        public int encodedBytes() {
            return REPLY_BYTES + value.length;
        }
    }

    public BatchReply {
        replies = List.copyOf(replies);
    }

    public byte[] encode() {
        int bytes = HEADER_BYTES;
        for (Reply reply : replies) {
            bytes = Math.addExact(bytes, reply.encodedBytes());
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(MAGIC).put((byte) VERSION).put(new byte[3]).putLong(lsn).putInt(replies.size());
        for (Reply reply : replies) {
            out.put((byte) reply.status().ordinal()).put(new byte[3]);
            out.putInt(reply.version().index()).putLong(reply.version().lsn());
            out.putInt(reply.value().length).put(reply.value());
        }
        return out.array();
    }

    /** @throws WireException when {@code message} is not exactly one batch reply */
    public static BatchReply decode(byte[] message) {
        WireReader in = new WireReader(message);
        in.expectHeader(MAGIC, VERSION, "batch reply");
        in.expectZero(3, "reserved");
        long lsn = in.int64("LSN");
        int count = in.length(BatchRequest.COUNT_MAX, "count");
        in.needItems(count, REPLY_BYTES, "count");
        List<Reply> replies = new ArrayList<>(count);
        Status[] statuses = Status.values();
        for (int i = 0; i < count; i++) {
            int status = in.uint8("status");
            if (status >= statuses.length) {
                throw in.bad("status", status);
            }
            in.expectZero(3, "reserved");
            int index = in.int32("version index");
            Version version = new Version(in.int64("version LSN"), index);
            byte[] value = in.bytes(in.length(BatchRequest.VALUE_BYTES_MAX, "value length"), "value");
            replies.add(new Reply(statuses[status], version, value));
        }
        in.expectEnd("batch reply");
        return new BatchReply(lsn, replies);
    }
}
