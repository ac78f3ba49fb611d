package io.tidemark.engine.log;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Begin;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.Commit;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.DeleteRange;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.LockKey;
import io.tidemark.engine.log.Operation.LockRange;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Operation.Rollback;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Operation.RollbackTo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * What may enter the log. An entry that cannot be applied would halt every node for ever, so it is refused before it is
 * proposed (rule E3): every method throws {@code INVALID} with the limit and what was found.
 */
public final class EntryLimits {
    /** Keyspaces that begin like this belong to the engine. */
    public static final String SYSTEM_PREFIX = "sys.";

    public static final int KEYSPACE_CHARS_MAX = 128;
    public static final int KEY_BYTES_MAX = 2048;
    public static final int VALUE_BYTES_MAX = 16 << 20;

    /** One value of the greatest size with its key and session fits; the log carries nothing larger. */
    public static final int ENTRY_BYTES_MAX = 17 << 20;

    /** Positions of commands fit two bytes wherever they are stored. */
    public static final int COMMANDS_MAX = 4096;

    /** Transactions that are open, or not yet taken back, at a time. */
    public static final int TRANSACTIONS_MAX = 1024;

    /** Bytes of before-images of one transaction, large values that they took over counted whole. */
    public static final long UNDO_BYTES_MAX = 1L << 30;

    /** Keys locked, by all transactions together. */
    public static final int KEY_LOCKS_MAX = 1 << 18;

    /** Locks on ranges, of all transactions together. */
    public static final int RANGE_LOCKS_MAX = 4096;

    /** A day. */
    public static final long TRANSACTION_TIMEOUT_MILLIS_MAX = 86_400_000;

    /** Undo rows that one command consumes. */
    public static final int SLICE_ROWS_MAX = 128;

    /** Transactions that one command expires. */
    public static final int TRANSACTIONS_EXPIRED_MAX = 64;

    /** Pins at a time. */
    public static final int PINS_MAX = 256;

    /** Checkpoints that are given up by one command. */
    public static final int CHECKPOINTS_GIVEN_UP_MAX = 64;

    private static final int TEXT_BYTES_MAX = 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + KEYSPACE_CHARS_MAX + "}");

    private EntryLimits() {}

    public static void check(Entry entry) {
        int commands = entry.commands().size();
        require(commands >= 1 && commands <= COMMANDS_MAX, "an entry has 1 to " + COMMANDS_MAX + " commands", commands);
        long bytes = 0;
        for (Command command : entry.commands()) {
            check(command);
            bytes += EntryCodec.encodedBytes(command);
        }
        require(bytes <= ENTRY_BYTES_MAX, "an entry has at most " + ENTRY_BYTES_MAX + " bytes", bytes);
    }

    public static void check(Command command) {
        SessionRef session = command.session();
        if (session != null) {
            require(session.sequence() >= 1, "a session's sequence starts at 1", session.sequence());
            require(
                    session.repliedThrough() >= 0 && session.repliedThrough() < session.sequence(),
                    "repliedThrough lies from 0 to before the sequence " + session.sequence(),
                    session.repliedThrough());
        }
        Operation operation = command.operation();
        transaction(command.transaction(), operation);
        if (operation instanceof Put put) {
            keyspace(put.keyspace());
            key(put.key());
            valueBytes(put.value().length);
        } else if (operation instanceof Delete delete) {
            keyspace(delete.keyspace());
            key(delete.key());
        } else if (operation instanceof DeleteRange range) {
            keyspace(range.keyspace());
            range(range.from(), range.to());
            require(
                    range.maxPages() >= DeleteRange.PAGES_MIN && range.maxPages() <= DeleteRange.PAGES_MAX,
                    "a range delete changes at most " + DeleteRange.PAGES_MIN + " to " + DeleteRange.PAGES_MAX
                            + " pages",
                    range.maxPages());
        } else if (operation instanceof AdvanceHighWater advance) {
            require(advance.sha256().length == 32, "a SHA-256 has 32 bytes", advance.sha256().length);
            text("object", advance.object());
        } else if (operation instanceof CheckpointShipped shipped) {
            require(shipped.sha256().length == 32, "a SHA-256 has 32 bytes", shipped.sha256().length);
            text("directory", shipped.directory());
        } else if (operation instanceof HistoryStarted started) {
            text("history", started.history());
            text("parent", started.parent());
            require(!started.history().isEmpty(), "a history has an id", "''");
        } else if (operation instanceof AllocateIncarnation allocate) {
            name("node", allocate.node());
        } else if (operation instanceof Operation.OfRetention retention) {
            retention(retention);
        } else {
            OfTransactions.check(operation);
        }
    }

    private static void retention(Operation.OfRetention operation) {
        if (operation instanceof Operation.RaiseFloor raise) {
            require(raise.lsn() >= 0 && raise.ageMillis() >= 0, "LSNs and ages are 0 and up", raise);
        } else if (operation instanceof Operation.CollectGarbage collect) {
            require(collect.graceMillis() >= 0, "a grace period is 0 and up", collect.graceMillis());
        } else if (operation instanceof Operation.Pin pin) {
            name("pin", pin.name());
            require(pin.lsn() >= 0, "LSNs are 0 and up", pin.lsn());
        } else if (operation instanceof Operation.Unpin unpin) {
            name("pin", unpin.name());
        }
    }

    private static void transaction(long transaction, Operation operation) {
        require(transaction >= 0, "ids of transactions are 1 and up", transaction);
        String what = operation.getClass().getSimpleName();
        require(transaction > 0 || !operation.needsTransaction(), what + " needs a transaction", "none");
        require(transaction == 0 || operation.takesTransaction(), what + " takes no transaction", transaction);
    }

    /** The limits of what transactions ask for beside reads and writes. */
    private static final class OfTransactions {
        static void check(Operation operation) {
            if (operation instanceof Begin begin) {
                within("a time-out in milliseconds", begin.timeoutMillis(), 1, TRANSACTION_TIMEOUT_MILLIS_MAX);
            } else if (operation instanceof LockKey lock) {
                keyspace(lock.keyspace());
                key(lock.key());
            } else if (operation instanceof LockRange lock) {
                keyspace(lock.keyspace());
                range(lock.from(), lock.to());
            } else if (operation instanceof Commit commit) {
                rows(commit.rows(), 0);
            } else if (operation instanceof Rollback rollback) {
                rows(rollback.rows(), 0);
            } else if (operation instanceof RollbackTo back) {
                rows(back.rows(), 0);
                require(back.savepoint() >= 1, "positions of savepoints are 1 and up", back.savepoint());
            } else if (operation instanceof RollbackSlice slice) {
                slice(slice.transaction(), slice.from(), slice.rows());
            } else if (operation instanceof CleanSlice slice) {
                slice(slice.transaction(), slice.from(), slice.rows());
            }
        }

        private static void slice(long transaction, long from, int rows) {
            require(transaction >= 1, "ids of transactions are 1 and up", transaction);
            require(from >= 0, "undo rows are numbered from 1", from);
            rows(rows, 1);
        }

        private static void rows(int rows, int least) {
            within("the undo rows of one command", rows, least, SLICE_ROWS_MAX);
        }

        private static void within(String what, long found, long least, long most) {
            require(found >= least && found <= most, what + " are " + least + " to " + most, found);
        }
    }

    /** Throws unless both bounds, where there are any, can be keys, and the first lies before the second. */
    public static void range(byte[] from, byte[] to) {
        if (from != null) {
            key(from);
        }
        if (to != null) {
            key(to);
        }
        boolean ordered = from == null || to == null || Arrays.compareUnsigned(from, to) < 0;
        require(ordered, "a range ends behind its first key", "an empty one");
    }

    /** Throws unless users may have a keyspace of this name. */
    public static void keyspace(String name) {
        name("keyspace", name);
        require(!name.startsWith(SYSTEM_PREFIX), "keyspaces of users do not begin with " + SYSTEM_PREFIX, name);
    }

    public static void key(byte[] key) {
        require(
                key.length >= 1 && key.length <= KEY_BYTES_MAX,
                "a key has 1 to " + KEY_BYTES_MAX + " bytes",
                key.length);
    }

    public static void valueBytes(long length) {
        require(length <= VALUE_BYTES_MAX, "a value has at most " + VALUE_BYTES_MAX + " bytes", length);
    }

    private static void name(String what, String name) {
        require(
                NAME.matcher(name).matches(),
                "a " + what + " name is 1 to " + KEYSPACE_CHARS_MAX + " of A-Z a-z 0-9 . _ -",
                "'" + name + "'");
    }

    private static void text(String what, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        require(bytes <= TEXT_BYTES_MAX, "a " + what + " has at most " + TEXT_BYTES_MAX + " bytes", bytes);
    }

    private static void require(boolean holds, String limit, Object found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, limit + ", not " + found);
        }
    }
}
