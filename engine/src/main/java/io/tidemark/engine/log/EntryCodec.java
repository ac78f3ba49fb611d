package io.tidemark.engine.log;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 *             +--------+--------+-------------------+-------------------
 *             | code   | flags  | session, if bit 0 | body by code
 *             +--------+--------+-------------------+-------------------
 *   session   lsn 8 | index 4 | sequence 8 | repliedThrough 8
 *   put       name | key | condition | value
 *   delete    name | key | condition
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

    private static final byte PUT = 1;
    private static final byte DELETE = 2;
    private static final byte OPEN_SESSION = 3;
    private static final byte EXPIRE_SESSIONS = 4;
    private static final byte ADVANCE_HIGH_WATER = 5;
    private static final byte HISTORY_STARTED = 6;
    private static final byte ALLOCATE_INCARNATION = 7;
    private static final byte OBSERVE_CONTENTS = 8;

    private static final byte CONDITION_NONE = 0;
    private static final byte CONDITION_ABSENT = 1;
    private static final byte CONDITION_VERSION = 2;

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
        return 2 + (command.session() == null ? 0 : SESSION_BYTES) + bodyBytes(command.operation());
    }

    private static int bodyBytes(Operation operation) {
        if (operation instanceof Put put) {
            return nameBytes(put.keyspace())
                    + (2 + put.key().length)
                    + conditionBytes(put.precondition())
                    + (4 + put.value().length);
        } else if (operation instanceof Delete delete) {
            return nameBytes(delete.keyspace()) + (2 + delete.key().length) + conditionBytes(delete.precondition());
        } else if (operation instanceof ExpireSessions) {
            return 8;
        } else if (operation instanceof AdvanceHighWater advance) {
            return 8 + 8 + textBytes(advance.object()) + 8 + SHA256_BYTES + 8;
        } else if (operation instanceof HistoryStarted started) {
            return textBytes(started.history()) + textBytes(started.parent()) + 8;
        } else if (operation instanceof AllocateIncarnation allocate) {
            return nameBytes(allocate.node());
        }
        return 0;
    }

    private static void encode(Command command, ByteBuffer out) {
        Operation operation = command.operation();
        out.put(code(operation)).put((byte) (command.session() == null ? 0 : HAS_SESSION));
        if (command.session() != null) {
            SessionRef session = command.session();
            putVersion(session.session(), out);
            out.putLong(session.sequence()).putLong(session.repliedThrough());
        }
        if (operation instanceof Put put) {
            putName(put.keyspace(), out);
            out.putShort((short) put.key().length).put(put.key());
            putCondition(put.precondition(), out);
            out.putInt(put.value().length).put(put.value());
        } else if (operation instanceof Delete delete) {
            putName(delete.keyspace(), out);
            out.putShort((short) delete.key().length).put(delete.key());
            putCondition(delete.precondition(), out);
        } else if (operation instanceof ExpireSessions expire) {
            out.putLong(expire.idleSinceMillis());
        } else if (operation instanceof AdvanceHighWater advance) {
            out.putLong(advance.first()).putLong(advance.last());
            putText(advance.object(), out);
            out.putLong(advance.bytes()).put(advance.sha256()).putLong(advance.redoChain());
        } else if (operation instanceof HistoryStarted started) {
            putText(started.history(), out);
            putText(started.parent(), out);
            out.putLong(started.fork());
        } else if (operation instanceof AllocateIncarnation allocate) {
            putName(allocate.node(), out);
        }
    }

    private static byte code(Operation operation) {
        if (operation instanceof Put) {
            return PUT;
        } else if (operation instanceof Delete) {
            return DELETE;
        } else if (operation instanceof OpenSession) {
            return OPEN_SESSION;
        } else if (operation instanceof ExpireSessions) {
            return EXPIRE_SESSIONS;
        } else if (operation instanceof AdvanceHighWater) {
            return ADVANCE_HIGH_WATER;
        } else if (operation instanceof HistoryStarted) {
            return HISTORY_STARTED;
        } else if (operation instanceof AllocateIncarnation) {
            return ALLOCATE_INCARNATION;
        } else if (operation instanceof ObserveContents) {
            return OBSERVE_CONTENTS;
        }
        throw new IllegalStateException("operation without a code: " + operation);
    }

    /** Reads an entry back; {@code INVALID} says where the bytes stop making sense. Never reads or allocates past them. */
    public static Entry decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw invalid("entry format " + version + ", this build reads " + VERSION, in);
            }
            long timeMillis = in.getLong();
            int count = in.getInt();
            if (count < 1 || count > in.remaining() / 2) {
                throw invalid(count + " commands in " + in.remaining() + " bytes", in);
            }
            List<Command> commands = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                commands.add(decodeCommand(in));
            }
            if (in.hasRemaining()) {
                throw invalid(in.remaining() + " bytes after the last command", in);
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
        if ((flags & ~HAS_SESSION) != 0) {
            throw invalid("unknown command flags " + flags, in);
        }
        SessionRef session = flags == 0 ? null : new SessionRef(getVersion(in), in.getLong(), in.getLong());
        return new Command(session, decodeOperation(code, in));
    }

    private static Operation decodeOperation(byte code, ByteBuffer in) {
        return switch (code) {
            case PUT -> {
                String keyspace = getName(in);
                byte[] key = getBytes(Short.toUnsignedInt(in.getShort()), in);
                Precondition condition = getCondition(in);
                yield new Put(keyspace, key, getBytes(in.getInt(), in), condition);
            }
            case DELETE -> new Delete(getName(in), getBytes(Short.toUnsignedInt(in.getShort()), in), getCondition(in));
            case OPEN_SESSION -> new OpenSession();
            case EXPIRE_SESSIONS -> new ExpireSessions(in.getLong());
            case ADVANCE_HIGH_WATER -> {
                long first = in.getLong();
                long last = in.getLong();
                String object = getText(in);
                long bytes = in.getLong();
                yield new AdvanceHighWater(first, last, object, bytes, getBytes(SHA256_BYTES, in), in.getLong());
            }
            case HISTORY_STARTED -> new HistoryStarted(getText(in), getText(in), in.getLong());
            case ALLOCATE_INCARNATION -> new AllocateIncarnation(getName(in));
            case OBSERVE_CONTENTS -> new ObserveContents();
            default -> throw invalid("unknown command code " + code, in);
        };
    }

    private static int conditionBytes(Precondition condition) {
        return condition instanceof Precondition.VersionIs ? 1 + 12 : 1;
    }

    private static void putCondition(Precondition condition, ByteBuffer out) {
        if (condition instanceof Precondition.VersionIs is) {
            out.put(CONDITION_VERSION);
            putVersion(is.version(), out);
        } else {
            out.put(condition instanceof Precondition.Absent ? CONDITION_ABSENT : CONDITION_NONE);
        }
    }

    private static Precondition getCondition(ByteBuffer in) {
        byte code = in.get();
        return switch (code) {
            case CONDITION_NONE -> Precondition.NONE;
            case CONDITION_ABSENT -> Precondition.ABSENT;
            case CONDITION_VERSION -> new Precondition.VersionIs(getVersion(in));
            default -> throw invalid("unknown precondition " + code, in);
        };
    }

    private static void putVersion(Version version, ByteBuffer out) {
        out.putLong(version.lsn()).putInt(version.index());
    }

    private static Version getVersion(ByteBuffer in) {
        return new Version(in.getLong(), in.getInt());
    }

    private static int nameBytes(String name) {
        return 1 + name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void putName(String name, ByteBuffer out) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.put((byte) utf8.length).put(utf8);
    }

    private static String getName(ByteBuffer in) {
        return new String(getBytes(Byte.toUnsignedInt(in.get()), in), StandardCharsets.UTF_8);
    }

    private static int textBytes(String text) {
        return 2 + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void putText(String text, ByteBuffer out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) utf8.length).put(utf8);
    }

    private static String getText(ByteBuffer in) {
        return new String(getBytes(Short.toUnsignedInt(in.getShort()), in), StandardCharsets.UTF_8);
    }

    private static byte[] getBytes(int length, ByteBuffer in) {
        if (length < 0 || length > in.remaining()) {
            throw invalid("a field of " + length + " bytes where " + in.remaining() + " are left", in);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static TidemarkException invalid(String what, ByteBuffer in) {
        return new TidemarkException(ErrorKind.INVALID, "not an entry: " + what + " (byte " + in.position() + ")");
    }
}
