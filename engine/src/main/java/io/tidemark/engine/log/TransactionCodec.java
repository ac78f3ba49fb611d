package io.tidemark.engine.log;

import io.tidemark.engine.log.Operation.Begin;
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.Commit;
import io.tidemark.engine.log.Operation.ExpireTransactions;
import io.tidemark.engine.log.Operation.LockKey;
import io.tidemark.engine.log.Operation.LockRange;
import io.tidemark.engine.log.Operation.Rollback;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Operation.RollbackTo;
import io.tidemark.engine.log.Operation.Savepoint;
import java.nio.ByteBuffer;

/**
 * The bodies of what only transactions ask for, big-endian; see {@link EntryCodec}.
 *
 * <pre>
 *   begin           timeoutMillis 8
 *   savepoint       nothing
 *   lock key        name | key
 *   lock range      name | bounds 1 (1 has from, 2 has to) | key from | key to
 *   commit          rows 4
 *   rollback        rows 4
 *   rollback to     savepoint 8 | rows 4
 *   rollback slice  transaction 8 | from 8 | rows 4
 *   clean slice     transaction 8 | from 8 | rows 4
 *   expire          atMillis 8
 * </pre>
 */
final class TransactionCodec {
    private static final byte BEGIN = 9;
    private static final byte SAVEPOINT = 10;
    private static final byte LOCK_KEY = 11;
    private static final byte LOCK_RANGE = 12;
    private static final byte COMMIT = 13;
    private static final byte ROLLBACK = 14;
    private static final byte ROLLBACK_TO = 15;
    private static final byte ROLLBACK_SLICE = 16;
    private static final byte CLEAN_SLICE = 17;
    private static final byte EXPIRE_TRANSACTIONS = 18;

    private static final int HAS_FROM = 1;
    private static final int HAS_TO = 2;

    private TransactionCodec() {}

    static byte code(Operation operation) {
        if (operation instanceof Begin) {
            return BEGIN;
        } else if (operation instanceof Savepoint) {
            return SAVEPOINT;
        } else if (operation instanceof LockKey) {
            return LOCK_KEY;
        } else if (operation instanceof LockRange) {
            return LOCK_RANGE;
        } else if (operation instanceof Commit) {
            return COMMIT;
        } else if (operation instanceof Rollback) {
            return ROLLBACK;
        } else if (operation instanceof RollbackTo) {
            return ROLLBACK_TO;
        } else if (operation instanceof RollbackSlice) {
            return ROLLBACK_SLICE;
        } else if (operation instanceof CleanSlice) {
            return CLEAN_SLICE;
        } else if (operation instanceof ExpireTransactions) {
            return EXPIRE_TRANSACTIONS;
        }
        throw new IllegalStateException("operation without a code: " + operation);
    }

    static int bodyBytes(Operation operation) {
        if (operation instanceof LockKey lock) {
            return EntryFields.nameBytes(lock.keyspace()) + EntryFields.keyBytes(lock.key());
        } else if (operation instanceof LockRange lock) {
            return EntryFields.nameBytes(lock.keyspace()) + 1 + boundBytes(lock.from()) + boundBytes(lock.to());
        } else if (operation instanceof Begin || operation instanceof ExpireTransactions) {
            return 8;
        } else if (operation instanceof Commit || operation instanceof Rollback) {
            return 4;
        } else if (operation instanceof RollbackTo) {
            return 8 + 4;
        } else if (operation instanceof RollbackSlice || operation instanceof CleanSlice) {
            return 8 + 8 + 4;
        }
        return 0;
    }

    private static int boundBytes(byte[] bound) {
        return bound == null ? 0 : EntryFields.keyBytes(bound);
    }

    static void encode(Operation operation, ByteBuffer out) {
        if (operation instanceof Begin begin) {
            out.putLong(begin.timeoutMillis());
        } else if (operation instanceof LockKey lock) {
            EntryFields.putName(lock.keyspace(), out);
            EntryFields.putKey(lock.key(), out);
        } else if (operation instanceof LockRange lock) {
            encode(lock, out);
        } else if (operation instanceof Commit commit) {
            out.putInt(commit.rows());
        } else if (operation instanceof Rollback rollback) {
            out.putInt(rollback.rows());
        } else if (operation instanceof RollbackTo back) {
            out.putLong(back.savepoint()).putInt(back.rows());
        } else if (operation instanceof RollbackSlice slice) {
            out.putLong(slice.transaction()).putLong(slice.from()).putInt(slice.rows());
        } else if (operation instanceof CleanSlice slice) {
            out.putLong(slice.transaction()).putLong(slice.from()).putInt(slice.rows());
        } else if (operation instanceof ExpireTransactions expire) {
            out.putLong(expire.atMillis());
        }
    }

    private static void encode(LockRange lock, ByteBuffer out) {
        EntryFields.putName(lock.keyspace(), out);
        out.put((byte) ((lock.from() == null ? 0 : HAS_FROM) | (lock.to() == null ? 0 : HAS_TO)));
        if (lock.from() != null) {
            EntryFields.putKey(lock.from(), out);
        }
        if (lock.to() != null) {
            EntryFields.putKey(lock.to(), out);
        }
    }

    static Operation decode(byte code, ByteBuffer in) {
        return switch (code) {
            case BEGIN -> new Begin(in.getLong());
            case SAVEPOINT -> new Savepoint();
            case LOCK_KEY -> new LockKey(EntryFields.getName(in), EntryFields.getKey(in));
            case LOCK_RANGE -> {
                String keyspace = EntryFields.getName(in);
                int bounds = in.get();
                if ((bounds & ~(HAS_FROM | HAS_TO)) != 0) {
                    throw EntryFields.invalid("unknown bounds " + bounds, in);
                }
                byte[] from = (bounds & HAS_FROM) == 0 ? null : EntryFields.getKey(in);
                yield new LockRange(keyspace, from, (bounds & HAS_TO) == 0 ? null : EntryFields.getKey(in));
            }
            case COMMIT -> new Commit(in.getInt());
            case ROLLBACK -> new Rollback(in.getInt());
            case ROLLBACK_TO -> new RollbackTo(in.getLong(), in.getInt());
            case ROLLBACK_SLICE -> new RollbackSlice(in.getLong(), in.getLong(), in.getInt());
            case CLEAN_SLICE -> new CleanSlice(in.getLong(), in.getLong(), in.getInt());
            case EXPIRE_TRANSACTIONS -> new ExpireTransactions(in.getLong());
            default -> throw EntryFields.invalid("unknown command code " + code, in);
        };
    }
}
