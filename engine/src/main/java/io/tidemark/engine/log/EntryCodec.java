package io.tidemark.engine.log;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.DeleteRange;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an {@link Entry}, big-endian. Equal entries have equal bytes.
 *
 * <pre>
 *   entry     0        1               9          13
 *             +--------+---------------+----------+---------------------
 *             | ver: 1 | timeMillis    | commands | command ...
 *             +--------+---------------+----------+---------------------
 *   command   0        1        2
 *             +--------+--------+-------------------+-------------------------+-------------
 *             | code   | flags  | session, if bit 0 | transaction 8, if bit 1 | body by code
 *             +--------+--------+-------------------+-------------------------+-------------
 *   session   lsn 8 | index 4 | sequence 8 | repliedThrough 8
 *   put       name | key | condition | value
 *   delete    name | key | condition
 *   checkpoint  base 8 | lsn 8 | term 8 | redo chain 8 | directory: text | bytes 8 | SHA-256 32
 *   range     name | from: key or length 0 | to: key or length 0 | max pages 2
 *   what only transactions ask for: see TransactionCodec; what is kept: see RetentionCodec
 *   name      length 1 | UTF-8          key     length 2 | bytes
 *   value     length 4 | bytes          text    length 2 | UTF-8
 *   condition 0 none | 1 absent | 2 version: lsn 8 | index 4
 * </pre>
 */
public final class EntryCodec {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 8 + 4;
    private static final int SESSION_BYTES = 8 + 4 + 8 + 8;
    private static final int SHA256_BYTES = 32;
    private static final int HAS_SESSION = 1;
    private static final int HAS_TRANSACTION = 2;

    private static final byte PUT = 1;
    private static final byte DELETE = 2;
    private static final byte OPEN_SESSION = 3;
    private static final byte EXPIRE_SESSIONS = 4;
    private static final byte ADVANCE_HIGH_WATER = 5;
    private static final byte HISTORY_STARTED = 6;
    private static final byte ALLOCATE_INCARNATION = 7;
    private static final byte OBSERVE_CONTENTS = 8;
    private static final byte DELETE_RANGE = 19;
    private static final byte CHECKPOINT_SHIPPED = 20;

    private EntryCodec() {}

    public static byte[] encode(Entry entry) {
        int bytes = HEADER_BYTES;
        for (Command command : entry.commands()) {
            bytes += encodedBytes(command);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.put(VERSION).putLong(entry.timeMillis()).putInt(entry.commands().size());
        for (Command command : entry.commands()) {
            encode(command, out);
        }
        if (out.hasRemaining()) {
            throw new IllegalStateException("entry of " + bytes + " bytes left " + out.remaining() + " unwritten");
        }
        return out.array();
    }

    /** Bytes that the command adds to its entry. */
    public static int encodedBytes(Command command) {
        return 2
                + (command.session() == null ? 0 : SESSION_BYTES)
                + (command.transaction() == Command.NO_TRANSACTION ? 0 : Long.BYTES)
                + bodyBytes(command.operation());
    }

    private static int bodyBytes(Operation operation) {
        if (operation instanceof Put put) {
            return EntryFields.nameBytes(put.keyspace())
                    + EntryFields.keyBytes(put.key())
                    + EntryFields.conditionBytes(put.precondition())
                    + (4 + put.value().length);
        } else if (operation instanceof Delete delete) {
            return EntryFields.nameBytes(delete.keyspace())
                    + EntryFields.keyBytes(delete.key())
                    + EntryFields.conditionBytes(delete.precondition());
        } else if (operation instanceof DeleteRange range) {
            return EntryFields.nameBytes(range.keyspace())
                    + EntryFields.boundBytes(range.from())
                    + EntryFields.boundBytes(range.to())
                    + 2;
        } else if (operation instanceof ExpireSessions) {
            return 8;
        } else if (operation instanceof AdvanceHighWater advance) {
            return 8 + 8 + EntryFields.textBytes(advance.object()) + 8 + SHA256_BYTES + 8;
        } else if (operation instanceof CheckpointShipped shipped) {
            return 8 + 8 + 8 + 8 + EntryFields.textBytes(shipped.directory()) + 8 + SHA256_BYTES;
        } else if (operation instanceof HistoryStarted started) {
            return EntryFields.textBytes(started.history()) + EntryFields.textBytes(started.parent()) + 8;
        } else if (operation instanceof AllocateIncarnation allocate) {
            return EntryFields.nameBytes(allocate.node());
        } else if (operation instanceof Operation.OfRetention retention) {
            return RetentionCodec.bodyBytes(retention);
        }
        return TransactionCodec.bodyBytes(operation);
    }

    private static void encode(Command command, ByteBuffer out) {
        Operation operation = command.operation();
        boolean inTransaction = command.transaction() != Command.NO_TRANSACTION;
        int flags = (command.session() == null ? 0 : HAS_SESSION) | (inTransaction ? HAS_TRANSACTION : 0);
        out.put(code(operation)).put((byte) flags);
        if (command.session() != null) {
            SessionRef session = command.session();
            EntryFields.putVersion(session.session(), out);
            out.putLong(session.sequence()).putLong(session.repliedThrough());
        }
        if (inTransaction) {
            out.putLong(command.transaction());
        }
        if (operation instanceof Put put) {
            EntryFields.putName(put.keyspace(), out);
            EntryFields.putKey(put.key(), out);
            EntryFields.putCondition(put.precondition(), out);
            out.putInt(put.value().length).put(put.value());
        } else if (operation instanceof Delete delete) {
            EntryFields.putName(delete.keyspace(), out);
            EntryFields.putKey(delete.key(), out);
            EntryFields.putCondition(delete.precondition(), out);
        } else if (operation instanceof DeleteRange range) {
            EntryFields.putName(range.keyspace(), out);
            EntryFields.putBound(range.from(), out);
            EntryFields.putBound(range.to(), out);
            out.putShort((short) range.maxPages());
        } else if (operation instanceof ExpireSessions expire) {
            out.putLong(expire.idleSinceMillis());
        } else if (operation instanceof AdvanceHighWater advance) {
            out.putLong(advance.first()).putLong(advance.last());
            EntryFields.putText(advance.object(), out);
            out.putLong(advance.bytes()).put(advance.sha256()).putLong(advance.redoChain());
        } else if (operation instanceof CheckpointShipped shipped) {
            out.putLong(shipped.base()).putLong(shipped.lsn());
            out.putLong(shipped.term()).putLong(shipped.redoChain());
            EntryFields.putText(shipped.directory(), out);
            out.putLong(shipped.bytes()).put(shipped.sha256());
        } else if (operation instanceof HistoryStarted started) {
            EntryFields.putText(started.history(), out);
            EntryFields.putText(started.parent(), out);
            out.putLong(started.fork());
        } else if (operation instanceof AllocateIncarnation allocate) {
            EntryFields.putName(allocate.node(), out);
        } else if (operation instanceof Operation.OfRetention retention) {
            RetentionCodec.encode(retention, out);
        } else {
            TransactionCodec.encode(operation, out);
        }
    }

    private static byte code(Operation operation) {
        if (operation instanceof Put) {
            return PUT;
        } else if (operation instanceof Delete) {
            return DELETE;
        } else if (operation instanceof DeleteRange) {
            return DELETE_RANGE;
        } else if (operation instanceof OpenSession) {
            return OPEN_SESSION;
        } else if (operation instanceof ExpireSessions) {
            return EXPIRE_SESSIONS;
        } else if (operation instanceof AdvanceHighWater) {
            return ADVANCE_HIGH_WATER;
        } else if (operation instanceof CheckpointShipped) {
            return CHECKPOINT_SHIPPED;
        } else if (operation instanceof HistoryStarted) {
            return HISTORY_STARTED;
        } else if (operation instanceof AllocateIncarnation) {
            return ALLOCATE_INCARNATION;
        } else if (operation instanceof ObserveContents) {
            return OBSERVE_CONTENTS;
        } else if (operation instanceof Operation.OfRetention retention) {
            return RetentionCodec.code(retention);
        }
        return TransactionCodec.code(operation);
    }

    /** Reads an entry back; {@code INVALID} says where the bytes stop making sense. Never reads or allocates past them. */
    public static Entry decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw EntryFields.invalid("entry format " + version + ", this build reads " + VERSION, in);
            }
            long timeMillis = in.getLong();
            int count = in.getInt();
            if (count < 1 || count > in.remaining() / 2) {
                throw EntryFields.invalid(count + " commands in " + in.remaining() + " bytes", in);
            }
            List<Command> commands = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                commands.add(decodeCommand(in));
            }
            if (in.hasRemaining()) {
                throw EntryFields.invalid(in.remaining() + " bytes after the last command", in);
            }
            return new Entry(timeMillis, commands);
        } catch (BufferUnderflowException e) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "entry of " + payload.length + " bytes ends in the middle of a command", e);
        }
    }

    private static Command decodeCommand(ByteBuffer in) {
        byte code = in.get();
        byte flags = in.get();
        if ((flags & ~(HAS_SESSION | HAS_TRANSACTION)) != 0) {
            throw EntryFields.invalid("unknown command flags " + flags, in);
        }
        SessionRef session = (flags & HAS_SESSION) == 0
                ? null
                : new SessionRef(EntryFields.getVersion(in), in.getLong(), in.getLong());
        long transaction = (flags & HAS_TRANSACTION) == 0 ? Command.NO_TRANSACTION : in.getLong();
        if (transaction == Command.NO_TRANSACTION && (flags & HAS_TRANSACTION) != 0) {
            throw EntryFields.invalid("a transaction without an id", in);
        }
        return new Command(session, transaction, decodeOperation(code, in));
    }

    private static Operation decodeOperation(byte code, ByteBuffer in) {
        return switch (code) {
            case PUT -> {
                String keyspace = EntryFields.getName(in);
                byte[] key = EntryFields.getKey(in);
                Precondition condition = EntryFields.getCondition(in);
                yield new Put(keyspace, key, EntryFields.getBytes(in.getInt(), in), condition);
            }
            case DELETE -> new Delete(EntryFields.getName(in), EntryFields.getKey(in), EntryFields.getCondition(in));
            case DELETE_RANGE ->
                new DeleteRange(
                        EntryFields.getName(in),
                        EntryFields.getBound(in),
                        EntryFields.getBound(in),
                        Short.toUnsignedInt(in.getShort()));
            case OPEN_SESSION -> new OpenSession();
            case EXPIRE_SESSIONS -> new ExpireSessions(in.getLong());
            case ADVANCE_HIGH_WATER -> {
                long first = in.getLong();
                long last = in.getLong();
                String object = EntryFields.getText(in);
                long bytes = in.getLong();
                yield new AdvanceHighWater(
                        first, last, object, bytes, EntryFields.getBytes(SHA256_BYTES, in), in.getLong());
            }
            case CHECKPOINT_SHIPPED ->
                new CheckpointShipped(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        EntryFields.getText(in),
                        in.getLong(),
                        EntryFields.getBytes(SHA256_BYTES, in));
            case HISTORY_STARTED -> new HistoryStarted(EntryFields.getText(in), EntryFields.getText(in), in.getLong());
            case ALLOCATE_INCARNATION -> new AllocateIncarnation(EntryFields.getName(in));
            case OBSERVE_CONTENTS -> new ObserveContents();
            default -> RetentionCodec.has(code) ? RetentionCodec.decode(code, in) : TransactionCodec.decode(code, in);
        };
    }
}
