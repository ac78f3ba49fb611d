package io.tidemark.client.wire;

import io.tidemark.client.Precondition;
import io.tidemark.client.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Several requests in one message, client to daemon: {@code POST /v1/batch}. Either all of them read or none does.
 * Big-endian.
 *
 * <pre>
 *   0        4    5    6    8             16          20                28      32
 *   +--------+----+----+----+-------------+-----------+-----------------+-------+-----------------+
 *   | "TmBq" | 01 | f  | 0  | session LSN | s. index  | replied through | count | count x request |
 *   +--------+----+----+----+-------------+-----------+-----------------+-------+-----------------+
 *
 *   0          8    9      10       11  12      14  16        20
 *   +----------+----+------+--------+---+-------+---+---------+- - - - - - - -+----------+-----+-------+
 *   | sequence | op | cond | ks len | g | k len | 0 | val len | cond. version | keyspace | key | value |
 *   +----------+----+------+--------+---+-------+---+---------+- - - - - - - -+----------+-----+-------+
 * </pre>
 *
 * {@code g} bit 0: the request is part of a transaction, whose id (8) stands before the keyspace.
 *
 * {@code f} bit 0: there is a session (else its fields, replied through and each sequence are 0). The condition's version
 * (LSN 8, index 4) stands only where {@code cond} is VERSION_IS.
 *
 * @param session the session that makes retries apply once, or null
 * @param repliedThrough the client has all replies up to this sequence
 */
public record BatchRequest(Version session, long repliedThrough, List<Request> requests) {
    public static final String MEDIA_TYPE = "application/x-tidemark-batch";
    /** Most requests of one batch. */
    public static final int COUNT_MAX = 4096;
    /** Longest value that the format holds; the cluster's own limit is lower. */
    public static final int VALUE_BYTES_MAX = 17 << 20;

    private static final int MAGIC = 0x546d4271;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 32;
    private static final int REQUEST_BYTES = 20;
    private static final int CONDITION_BYTES = 12;
    private static final int HAS_SESSION = 1;
    private static final int HAS_TRANSACTION = 1;
    private static final int TRANSACTION_BYTES = 8;

    /** What a request asks for; the code is part of the format. */
    public enum Op {
        PUT(1),
        DELETE(2),
        GET(3),
        /** Opens a session; keyspace, key and value are empty. The reply's version is its id. */
        OPEN_SESSION(4),
        /** Opens a transaction; the value is its time-out in milliseconds, 8 bytes. The reply's value is its id. */
        BEGIN(5),
        /** The reply's value is the savepoint's position, 8 bytes. */
        SAVEPOINT(6),
        /** Keeps the key as it is. The reply's version is the one found. */
        LOCK_KEY(7),
        /** Keeps a range as it is: from key (empty: the first) to value (empty: past the last). */
        LOCK_RANGE(8),
        COMMIT(9),
        ROLLBACK(10),
        /** The value is the savepoint's position, 8 bytes. */
        ROLLBACK_TO(11),
        /**
         * Removes a part of a range, from key (empty: the first) to value (empty: past the last). The reply's value is the
         * key to go on with, empty when all is gone.
         */
        DELETE_RANGE(12);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        private static Op of(int code, WireReader in) {
            for (Op op : values()) {
                if (op.code == code) {
                    return op;
                }
            }
            throw in.bad("op", code);
        }
    }

    /**
     * @param sequence number within the session, from 1; 0 without a session
     * @param transaction the open transaction that it is part of, 0 for none
     * @param value empty for all but PUT and what its op says
     */
    public record Request(
            long sequence, long transaction, Op op, Precondition condition, String keyspace, byte[] key, byte[] value) {

        /** A request outside of any transaction. */
        public Request(long sequence, Op op, Precondition condition, String keyspace, byte[] key, byte[] value) {
            this(sequence, 0, op, condition, keyspace, key, value);
        }

        /** Bytes of this request in a message. */
        public int encodedBytes() {
            return REQUEST_BYTES
                    + (transaction == 0 ? 0 : TRANSACTION_BYTES)
                    + (condition.kind() == Precondition.Kind.VERSION_IS ? CONDITION_BYTES : 0)
                    + keyspace.length()
                    + key.length
                    + value.length;
        }
    }

    public BatchRequest {
        requests = List.copyOf(requests);
        if (requests.isEmpty() || requests.size() > COUNT_MAX) {
            throw new WireException("a batch has 1.." + COUNT_MAX + " requests, not " + requests.size());
        }
    }

    /** True when the batch reads and changes nothing. */
    public boolean reads() {
        return requests.get(0).op() == Op.GET;
    }

    public byte[] encode() {
        int bytes = HEADER_BYTES;
        for (Request request : requests) {
            bytes += request.encodedBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) (session == null ? 0 : HAS_SESSION))
                .putShort((short) 0);
        out.putLong(session == null ? 0 : session.lsn()).putInt(session == null ? 0 : session.index());
        out.putLong(session == null ? 0 : repliedThrough).putInt(requests.size());
        for (Request request : requests) {
            put(out, request);
        }
        return out.array();
    }

    private static void put(ByteBuffer out, Request request) {
        byte[] keyspace = request.keyspace().getBytes(StandardCharsets.ISO_8859_1);
        out.putLong(request.sequence());
        out.put((byte) request.op().code).put((byte) request.condition().kind().ordinal());
        out.put((byte) keyspace.length).put((byte) (request.transaction() == 0 ? 0 : HAS_TRANSACTION));
        out.putShort((short) request.key().length).putShort((short) 0);
        out.putInt(request.value().length);
        if (request.condition().kind() == Precondition.Kind.VERSION_IS) {
            Version version = request.condition().version();
            out.putLong(version.lsn()).putInt(version.index());
        }
        if (request.transaction() != 0) {
            out.putLong(request.transaction());
        }
        out.put(keyspace).put(request.key()).put(request.value());
    }

    /** @throws WireException when {@code message} is not exactly one batch */
    public static BatchRequest decode(byte[] message) {
        WireReader in = new WireReader(message);
        in.expectHeader(MAGIC, VERSION, "batch");
        int flags = in.uint8("flags");
        if (flags > HAS_SESSION) {
            throw in.bad("flags", flags);
        }
        in.expectZero(2, "reserved");
        Version session = new Version(in.int64("session LSN"), in.int32("session index"));
        long repliedThrough = in.int64("replied through");
        if (flags == 0 && (session.lsn() != 0 || session.index() != 0 || repliedThrough != 0)) {
            throw new WireException("a batch without a session says that it is of session " + session);
        }
        int count = in.length(COUNT_MAX, "count");
        in.needItems(count, REQUEST_BYTES, "count");
        List<Request> requests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            requests.add(take(in));
        }
        in.expectEnd("batch");
        BatchRequest batch = new BatchRequest(flags == 0 ? null : session, repliedThrough, requests);
        batch.checkTogether();
        return batch;
    }

    private static Request take(WireReader in) {
        long sequence = in.int64("sequence");
        Op op = Op.of(in.uint8("op"), in);
        int condition = in.uint8("condition");
        if (condition >= Precondition.Kind.values().length) {
            throw in.bad("condition", condition);
        }
        int keyspaceBytes = in.uint8("keyspace length");
        int flags = in.uint8("flags");
        if (flags > HAS_TRANSACTION) {
            throw in.bad("flags", flags);
        }
        int keyBytes = in.uint16("key length");
        in.expectZero(2, "reserved");
        int valueBytes = in.length(VALUE_BYTES_MAX, "value length");
        Precondition.Kind kind = Precondition.Kind.values()[condition];
        Version version = kind == Precondition.Kind.VERSION_IS
                ? new Version(in.int64("condition LSN"), in.int32("condition index"))
                : Version.NONE;
        long transaction = flags == 0 ? 0 : in.int64("transaction");
        if (flags != 0 && transaction <= 0) {
            throw in.bad("transaction", transaction);
        }
        String keyspace = new String(in.bytes(keyspaceBytes, "keyspace"), StandardCharsets.ISO_8859_1);
        byte[] key = in.bytes(keyBytes, "key");
        byte[] value = in.bytes(valueBytes, "value");
        return new Request(sequence, transaction, op, new Precondition(kind, version), keyspace, key, value);
    }

    private void checkTogether() {
        for (Request request : requests) {
            if ((request.op() == Op.GET) != reads()) {
                throw new WireException("a batch either reads or writes; this one does both");
            }
            if (session == null && request.sequence() != 0) {
                throw new WireException("sequence " + request.sequence() + " belongs to no session");
            }
            if (session != null && request.sequence() <= repliedThrough) {
                throw new WireException("sequence " + request.sequence() + " was replied to: the batch itself says so, "
                        + "through " + repliedThrough);
            }
        }
    }
}
