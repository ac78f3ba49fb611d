package io.tidemark.engine.log;

/**
 * What one command asks for. Each is checked against the state that the commands before it left, and then applied,
 * before the next is looked at (rule E1). A refusal is a {@link Reply}, the same on every node.
 */
public sealed interface Operation {

    /** True for what the log writes about itself: such entries alone make no work for the shipper (rule M3). */
    default boolean isBookkeeping() {
        return false;
    }

    /** True for what only an open transaction can ask for: its command names one. */
    default boolean needsTransaction() {
        return false;
    }

    /** True for what may be part of a transaction and may stand alone. */
    default boolean takesTransaction() {
        return needsTransaction();
    }

    /**
     * Sets a key. Reply OK with the new version, or CONDITION_FAILED with the version found; CONFLICT when an open
     * transaction, not the command's own, holds the key.
     */
    record Put(String keyspace, byte[] key, byte[] value, Precondition precondition) implements Operation {
        @Override
        public boolean takesTransaction() {
            return true;
        }
    }

    /** Removes a key. Reply OK, NOT_FOUND, CONDITION_FAILED with the version found, or CONFLICT. */
    record Delete(String keyspace, byte[] key, Precondition precondition) implements Operation {
        @Override
        public boolean takesTransaction() {
            return true;
        }
    }

    /**
     * Removes all keys of {@code from <= key < to}, as far as that goes with {@code maxPages} changed pages (rule E2).
     * Reply OK; its payload is the key to go on with in another entry, empty when the whole range is gone. CONFLICT when
     * an open transaction holds any of it; then nothing is removed.
     *
     * @param from first key, null for the first of the keyspace
     * @param to first key not in the range, null for past the last
     */
    record DeleteRange(String keyspace, byte[] from, byte[] to, int maxPages) implements Operation {
        /** With fewer pages an entry might remove nothing. */
        public static final int PAGES_MIN = 32;

        public static final int PAGES_MAX = 0xFFFF;
    }

    /** Opens a client session; its id is this command's {@link Version} (rule E9). */
    record OpenSession() implements Operation {}

    /**
     * Ends sessions not used since this time of the log's clock, at most 64 of them, the longest idle first (rule E7).
     * Proposed by the leader only, again while any is left that is idle as long; the reply payload (4 bytes) says how many it ended.
     */
    record ExpireSessions(long idleSinceMillis) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * S3 has the entries {@code first..last} in {@code object}, and a manifest says so. Accepted only if {@code first}
     * follows the shipped mark and {@code last} lies before this entry; else REFUSED with the shipped mark (rule M1).
     *
     * @param object full key of the segment
     * @param bytes length of the object
     * @param sha256 hash of the object's bytes
     * @param redoChain the proposer's chain value after {@code last}
     */
    record AdvanceHighWater(long first, long last, String object, long bytes, byte[] sha256, long redoChain)
            implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * S3 has the pages of the state at {@code lsn}, and a manifest says so. Accepted only if {@code base} is the newest
     * checkpoint shipped, {@code lsn} lies above it and at or below the shipped mark, and {@code term} is that of the entry
     * there; else REFUSED with the newest checkpoint's LSN (rule CT3).
     *
     * @param base LSN of the checkpoint that this one goes on from, -1 for none
     * @param redoChain the proposer's chain value after {@code lsn}
     * @param directory full key of the root of the checkpoint's page directory
     * @param bytes length of that object
     * @param sha256 hash of its bytes
     */
    record CheckpointShipped(
            long base, long lsn, long term, long redoChain, String directory, long bytes, byte[] sha256)
            implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Says what of the past is kept (rules CT6, X3). */
    sealed interface OfRetention extends Operation permits RaiseFloor, FloorNamed, CollectGarbage, Pin, Unpin {}

    /**
     * Gives up the states below a checkpoint. Accepted only if the checkpoint is one that is kept, lies above the floor and
     * above no pin, was shipped so long ago by the log's clock, and no more than {@link
     * EntryLimits#CHECKPOINTS_GIVEN_UP_MAX} go; else REFUSED with the floor as it is.
     *
     * @param lsn of the checkpoint
     * @param ageMillis since it was shipped, at least; 0 and up
     */
    record RaiseFloor(long lsn, long ageMillis) implements OfRetention {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** A manifest in S3 says what the floor is. Accepted only if it is the floor, once; else REFUSED with the floor. */
    record FloorNamed(long lsn) implements OfRetention {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * From now on the leader removes from S3 what is needed for states below {@code below} alone, and what nothing leads to
     * at or below {@code swept}. Accepted only if one of both is more than before; what is more has to be the floor, named
     * so long ago by the log's clock, or a checkpoint that is kept, shipped so long ago. Else REFUSED with what was
     * {@code below} before.
     *
     * @param below the floor, or what it was the last time
     * @param swept LSN of a checkpoint, or what it was the last time
     * @param graceMillis 0 and up
     */
    record CollectGarbage(long below, long swept, long graceMillis) implements OfRetention {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * Keeps the state at an LSN: the floor does not go above it. OK also when the pin is there already; REFUSED with the
     * floor when the state is given up or lies ahead, CONDITION_FAILED with the LSN when the name is that of another pin,
     * LIMIT when there are too many.
     *
     * @param name as of a keyspace
     */
    record Pin(String name, long lsn) implements OfRetention {}

    /** Lets a pin go. Reply OK, or NOT_FOUND. */
    record Unpin(String name) implements OfRetention {}

    /**
     * First command of a history (rule H2): names it, sets the shipped mark to the fork and begins to roll back every open
     * transaction. Sessions go on, pins do not: they are of the history before.
     * REFUSED once a history of this id has started.
     *
     * @param history id of the new history
     * @param parent id of the history it forked from, empty for none
     * @param fork LSN of the last entry shared with the parent, -1 for none
     */
    record HistoryStarted(String history, String parent, long fork) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Hands out the next incarnation of a node's name, never the same twice (rule L4). Reply: 8 bytes, big-endian. */
    record AllocateIncarnation(String node) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Changes nothing; every node remembers the digest of its contents at this LSN, for {@code verify}. */
    record ObserveContents() implements Operation {}

    /**
     * Opens a transaction. Reply payload: its id, 8 bytes, never given out again; LIMIT when too many are open.
     *
     * @param timeoutMillis time of the log's clock without a command of its own after which it may be ended, 1 to
     *     {@link EntryLimits#TRANSACTION_TIMEOUT_MILLIS_MAX}
     */
    record Begin(long timeoutMillis) implements Operation {}

    /** Remembers a place to come back to. Reply payload: its position, 8 bytes, for {@link RollbackTo}. */
    record Savepoint() implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Keeps a key as it is for its transaction. Reply version: the version found, {@link Version#NONE} when there is no
     * such key; CONFLICT when another transaction holds it.
     */
    record LockKey(String keyspace, byte[] key) implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Keeps all keys of a range as they are, those too that do not exist, for its transaction.
     *
     * @param from first key, null for the first of the keyspace
     * @param to first key not in the range, null for past the last
     */
    record LockRange(String keyspace, byte[] from, byte[] to) implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Makes the transaction's changes everybody's, at once. What is left of it (before-images, ghosts, marks) is cleaned
     * up here as far as {@code rows} go, then by {@link CleanSlice}. Reply payload: rows left, 8 bytes.
     *
     * @param rows undo rows cleaned by this command at most, 0 to {@link EntryLimits#SLICE_ROWS_MAX}
     */
    record Commit(int rows) implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Takes the transaction's changes back and ends it. Here as far as {@code rows} go, then by {@link RollbackSlice};
     * from now on it takes no command. Reply payload: rows left, 8 bytes.
     *
     * @param rows undo rows consumed by this command at most, 0 to {@link EntryLimits#SLICE_ROWS_MAX}
     */
    record Rollback(int rows) implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Takes back what the transaction changed after a savepoint, which stays; later ones go. Otherwise as {@link
     * Rollback}; while rows are left, the transaction's own commands are answered CONFLICT. REFUSED when there is no such
     * savepoint.
     */
    record RollbackTo(long savepoint, int rows) implements Operation {
        @Override
        public boolean needsTransaction() {
            return true;
        }
    }

    /**
     * Goes on with a rollback. Proposed by the log's owner; REFUSED, with no change, unless {@code from} is the last
     * undo row left: a slice that is proposed twice is applied once (rule E6). Reply payload: rows left, 8 bytes.
     */
    record RollbackSlice(long transaction, long from, int rows) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /** Goes on with what a commit left to be cleaned up; otherwise as {@link RollbackSlice}. */
    record CleanSlice(long transaction, long from, int rows) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }

    /**
     * Ends transactions whose owner has been silent for their time-out, at most {@link
     * EntryLimits#TRANSACTIONS_EXPIRED_MAX}, the first to expire first (rule E7). {@link RollbackSlice}s take their changes
     * back. Reply payload: how many, 4 bytes.
     *
     * @param atMillis the time to judge by; nothing expires past the log's own clock
     */
    record ExpireTransactions(long atMillis) implements Operation {
        @Override
        public boolean isBookkeeping() {
            return true;
        }
    }
}
