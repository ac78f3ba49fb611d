package io.tidemark.engine;

import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.txn.TransactionView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The page store that follows an ordered log. Its state is a function of the applied entries alone: equal LSN, equal
 * bytes, on every node.
 *
 * <p>Threads: one thread applies, in order; any number read, and see the state of a complete entry (rule E5). A read of
 * damaged bytes fails with {@code CORRUPT}; a failed write or sync halts the process.
 */
public interface StorageEngine extends AutoCloseable {
    /** What {@link #getInto} answers where there is no row. */
    int ABSENT = -1;

    /**
     * Applies the next entry: the LSN after the last, or any above it where the option {@code lsnGaps} says so. An entry at
     * or below {@link State#applied} is skipped and answers an empty list (Raft
     * re-delivers after a restart); one that does not follow is {@code INVALID} and changes nothing. Entries of kind
     * CONFIGURATION and METADATA answer an empty list. Never waits for the disk, except when every frame of the pool is
     * dirty, or for a page that has left the local disk; that it waits for as long as it takes.
     *
     * <p>What is not durable yet may go with the process, not only with the power: the log's owner keeps all entries above
     * {@link #durableLsn}.
     *
     * @return one reply per command, in order
     */
    List<Reply> apply(LogEntry entry);

    /**
     * Whether the pages that these commands will change are on the local disk or in memory, as far as can be told without
     * fetching any (rule CT1). Cheap where all pages are local.
     */
    boolean isAtHand(List<Command> commands);

    /**
     * Fetches the pages that these commands will change and that have left the local disk, so that applying them need not
     * wait. Blocks; {@code UNAVAILABLE} when they cannot be had now, and nothing else comes of that.
     */
    void fetch(List<Command> commands);

    /**
     * The same for the commands of many entries that are soon applied: their pages are on the local disk then, by a few
     * flushes for all of them, where otherwise each entry would bring its own.
     */
    void bringToDisk(List<Command> commands);

    /**
     * Brings some of the pages that the store began without to the local disk, as long as the budget has room (rule CT5); those
     * first that lead to others, together, whatever {@code bytesMax} says. One thread at a time; it ends before the engine is
     * closed. {@code UNAVAILABLE} when they cannot be had now; a page that S3 has not whole is passed over next time, and comes
     * again.
     *
     * @param bytesMax page bytes that come at most; a page in any case
     * @return page bytes that came; 0 when there is nothing to be done
     */
    long fill(long bytesMax);

    /** Which pages are on the local disk, and how often that was not enough. */
    Tier tier();

    /**
     * The engine will be closed: {@link #apply} waits for no page any more, and refuses with {@code UNAVAILABLE} what would
     * need one.
     */
    void endWaits();

    /** Whether {@link #endWaits} was called. */
    boolean isEnding();

    /** The state's position and the replicated facts that others ask for; one consistent record, free of locks. */
    State state();

    /**
     * Has a listener told of every change from the next entry on, within {@link #apply}, before readers see it; null is not
     * allowed, and a later listener takes the place of the one before. Call it between entries. What the listener throws
     * fails the engine.
     */
    void listen(Consumer<Change> listener);

    /** Greatest LSN that local files alone bring back (rule M2). */
    long durableLsn();

    /**
     * Asks for a sync of the WAL; completes with a durable LSN at or above what was applied at the call. Never blocks.
     */
    CompletableFuture<Long> requestSync();

    /**
     * Flushes every dirty page and records a checkpoint; blocks until it is durable. Returns its redo start. {@code
     * UNAVAILABLE} when the engine is closed.
     */
    long checkpoint();

    /** Makes a restart begin here; another name of {@link #checkpoint}. */
    default long createCheckpoint() {
        return checkpoint();
    }

    /** The record as it is committed, or empty when the key or the keyspace does not exist. */
    Optional<Row> get(String keyspace, byte[] key);

    /**
     * As {@link #get}, of the value alone and into memory of the caller's. Nothing is allocated where the page is in memory, but
     * for a value that is so large that it has pages of its own.
     *
     * @param target gets the value from its position on, which moves behind it; stays as it is when it has too little room
     * @return bytes of the value, also when the target has less room; {@link #ABSENT} when {@link #get} is empty
     */
    int getInto(String keyspace, byte[] key, ByteBuffer target);

    /**
     * Rows of {@code from <= key < to} in byte order, all at one LSN.
     *
     * @param from null for the first key
     * @param to null for past the last key
     * @param limitRows at least 1
     * @param limitBytes stops after the row that reaches it (keys and values); at least one row is returned
     */
    Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes);

    /** The record as it is committed now; another name of {@link #get}. */
    default Optional<Row> read(String keyspace, byte[] key) {
        return get(keyspace, key);
    }

    /**
     * The record as it was committed at this LSN, which has to be the last one applied or that of an open {@link Snapshot}:
     * {@code SNAPSHOT_TOO_OLD} otherwise, {@code RETRY} when it is not applied yet.
     */
    Optional<Row> read(String keyspace, byte[] key, long lsn);

    /**
     * The log's owner says that entries up to here are final: none of them will ever be another. What ships the log to S3
     * may go this far and no further. Never goes back, nor below what is shipped: {@code INVALID}. Not remembered over a
     * restart. May run ahead of what is applied.
     */
    void updateLowWaterMark(long lsn);

    /** The mark set last; at least {@link #highWaterMark}, since only what is final is shipped. */
    long lowWaterMark();

    /** Every entry up to here is in S3, as the log itself says; -1 before the first. */
    default long highWaterMark() {
        return state().shipped();
    }

    /** As {@link #get}, with the changes of an open transaction; of one that has ended, as if without. */
    Optional<Row> get(long transaction, String keyspace, byte[] key);

    /** As {@link #scan}, with the changes of an open transaction. */
    Scan scan(long transaction, String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes);

    /** How transactions stand after the last entry; free of locks. */
    TransactionView transactions();

    /** Time of the log's clock at which the session idle longest was used (rule E7); empty while there is no session. */
    OptionalLong sessionUsedMillis();

    /**
     * What the log's owner should propose next, so that rollbacks and clean-ups that were begun come to an end (rule E6);
     * empty when there is nothing. Proposing it twice, or too late, does no harm.
     */
    Optional<Operation> work();

    /** The state now, to be read while applying goes on; to be closed. */
    Snapshot snapshot();

    /**
     * The pages now, to be read while applying goes on; to be closed.
     *
     * @param base pages changed since this LSN are wanted, which is at most the last applied; -1 for all
     * @param scratch an empty file for pages that change before they are read; the caller removes it after the close
     */
    PageCut cut(long base, DiskFile scratch);

    /** Names of the keyspaces that hold or held a key, sorted. */
    List<String> keyspaces();

    /** Chain value after the entry at {@code lsn}, if still remembered (back to the shipped mark, rule W3). */
    OptionalLong chainAt(long lsn);

    /**
     * Digest of all keyspaces as of the {@code ObserveContents} command at {@code lsn}, if this node came by that since
     * its start. It is computed beside applying; this waits for it, and fails with {@code SNAPSHOT_TOO_OLD} when applying
     * was so far ahead of it that its state had to be given up.
     */
    Optional<ContentsDigest> contentsAt(long lsn);

    /** Digest of all keyspaces now; readers and applying go on. */
    ContentsDigest contents();

    /** Syncs, flushes and records a clean end. The directory may then be copied. */
    @Override
    void close();

    /**
     * @param applied LSN of the last applied entry, -1 before the first
     * @param term its term, 0 before the first
     * @param redoChain running hash over (LSN, redo records) of all entries up to {@code applied} (rule W3)
     * @param shipped the replicated shipped mark (rule M1)
     * @param history id of the history, empty before its first command
     * @param parentHistory id of the history that this log was of before, empty for none; the parent in S3, or an
     *     ancestor of it where the log was brought back from below that one's own beginning
     * @param fork last LSN shared with the parent, -1 for none
     * @param timeMillis the log's clock: greatest time of any applied entry (rule E7)
     * @param terms each term seen with its first LSN, ascending (rule M4)
     * @param configuration payload of the last CONFIGURATION entry, empty before the first
     * @param configurationLsn LSN of that entry, -1 before the first
     * @param checkpoint the newest checkpoint of pages in S3, as the log says (rule CT3)
     * @param retention what of the past is kept (rule CT6)
     */
    record State(
            long applied,
            long term,
            long redoChain,
            long shipped,
            String history,
            String parentHistory,
            long fork,
            long timeMillis,
            List<TermStart> terms,
            byte[] configuration,
            long configurationLsn,
            Checkpoint checkpoint,
            Retention retention) {

        /** Before the first checkpoint. */
        public State(
                long applied,
                long term,
                long redoChain,
                long shipped,
                String history,
                String parentHistory,
                long fork,
                long timeMillis,
                List<TermStart> terms,
                byte[] configuration,
                long configurationLsn) {
            this(
                    applied,
                    term,
                    redoChain,
                    shipped,
                    history,
                    parentHistory,
                    fork,
                    timeMillis,
                    terms,
                    configuration,
                    configurationLsn,
                    Checkpoint.NONE,
                    Retention.NONE);
        }

        /** Term of the entry at {@code lsn}; empty when it lies past {@code applied} or before the first. */
        public OptionalLong termOf(long lsn) {
            if (lsn > applied) {
                return OptionalLong.empty();
            }
            OptionalLong found = OptionalLong.empty();
            for (TermStart start : terms) {
                if (start.firstLsn() > lsn) {
                    break;
                }
                found = OptionalLong.of(start.term());
            }
            return found;
        }
    }

    /**
     * The pages of the state at one LSN, in S3.
     *
     * @param lsn -1 for none
     * @param base LSN of the checkpoint that it goes on from, -1 for none
     * @param term of the entry at {@code lsn}
     * @param redoChain after it
     * @param directory full key of the root of its page directory
     * @param bytes of that object
     * @param sha256 of that object, 64 hex digits
     */
    record Checkpoint(long lsn, long base, long term, long redoChain, String directory, long bytes, String sha256) {
        /** Before the first. */
        public static final Checkpoint NONE = new Checkpoint(-1, -1, 0, 0, "", 0, "");
    }

    /**
     * Pages on the local disk and elsewhere.
     *
     * @param localBytes of page images on the local disk
     * @param coldPages that have left it
     * @param faults pages that somebody had to wait for, since the engine was opened
     * @param evicted pages that left, since then
     * @param hitRate share of pages read that the local disk had, 1 before the first
     * @param waits why applying stands still: a page that it needs cannot be had now; null while it does not
     */
    record Tier(long localBytes, long coldPages, long faults, long evicted, double hitRate, String waits) {
        /** Of a store whose pages are all local. */
        public static final Tier NONE = new Tier(0, 0, 0, 0, 1, null);
    }

    /** A term and the LSN of its first entry. */
    record TermStart(long term, long firstLsn) {}

    /** A record as a reader sees it, with the LSN of the state it was read in. */
    record Row(byte[] key, byte[] value, io.tidemark.engine.log.Version version, long readLsn) {}

    /**
     * @param nextKey first key not returned, null when the range is exhausted
     * @param readLsn LSN of the state that all rows were read in
     */
    record Scan(List<Row> rows, byte[] nextKey, long readLsn) {}

    /**
     * @param lsn the state it describes
     * @param sha256 over every keyspace's name, key, value and version, in byte order; 64 hex digits
     * @param keys number of records
     * @param bytes their keys and values
     */
    record ContentsDigest(long lsn, String sha256, long keys, long bytes) {}
}
