package io.tidemark.engine.state;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.OfRetention;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.mark.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The facts about the log itself that every node holds at an LSN: rows of the tree {@link #TREE} (rules M1, M4, P7, H2).
 *
 * <pre>
 *   key                     value
 *   checkpoint              the newest, as in CheckpointRow
 *   configuration           lsn 8 | bytes as the consensus layer wrote them
 *   fork                    fork 8 | parent, UTF-8
 *   history                 id, UTF-8
 *   incarnation/NODE        greatest handed out 8
 *   shipped                 lsn 8 | redo chain 8 | object key, UTF-8
 *   term/TERM(8)            first LSN 8
 *   transaction             id given out last 8
 *   time                    greatest time of any entry, milliseconds 8
 * </pre>
 */
final class SystemState {
    static final String TREE = "sys.state";

    /** Founders are incarnation 1 without asking. */
    private static final long FOUNDER = 1;

    private static final byte[] CHECKPOINT = ascii("checkpoint");
    private static final byte[] CONFIGURATION = ascii("configuration");
    private static final byte[] FORK = ascii("fork");
    private static final byte[] HISTORY = ascii("history");
    private static final byte[] SHIPPED = ascii("shipped");
    private static final byte[] TRANSACTION = ascii("transaction");
    private static final byte[] TIME = ascii("time");
    private static final byte[] TERM = ascii("term/");
    private static final byte[] AFTER_TERMS = ascii("term0");

    private final Trees trees;
    private long shipped = Mark.NONE;
    private String history = "";
    private String parentHistory = "";
    private long fork = Mark.NONE;
    private long timeMillis;
    private List<TermStart> terms = List.of();
    private byte[] configuration = {};
    private long configurationLsn = Mark.NONE;
    private long lastTransaction;
    private Checkpoint checkpoint = Checkpoint.NONE;
    private final RetentionTable retention;

    SystemState(Trees trees) {
        this.trees = trees;
        this.retention = new RetentionTable(trees);
        row(SHIPPED).ifPresent(v -> shipped = v.getLong());
        row(CHECKPOINT).ifPresent(v -> checkpoint = CheckpointRow.decode(v));
        row(HISTORY).ifPresent(v -> history = text(v));
        row(FORK).ifPresent(v -> {
            fork = v.getLong();
            parentHistory = text(v);
        });
        row(TIME).ifPresent(v -> timeMillis = v.getLong());
        row(TRANSACTION).ifPresent(v -> lastTransaction = v.getLong());
        row(CONFIGURATION).ifPresent(v -> {
            configurationLsn = v.getLong();
            configuration = rest(v);
        });
        List<TermStart> found = new ArrayList<>();
        trees.scan(
                TREE,
                TERM,
                AFTER_TERMS,
                (key, value) -> found.add(new TermStart(
                        ByteBuffer.wrap(key).getLong(TERM.length),
                        ByteBuffer.wrap(value).getLong())));
        terms = List.copyOf(found);
    }

    /** What the entry's header and kind change, before its commands. */
    void begin(LogEntry entry) {
        long lastTerm = terms.isEmpty() ? -1 : terms.get(terms.size() - 1).term();
        if (entry.term() < lastTerm) {
            throw new IllegalStateException(entry + " is of a term below " + lastTerm + ", which came before it");
        }
        if (entry.term() > lastTerm) {
            List<TermStart> longer = new ArrayList<>(terms);
            longer.add(new TermStart(entry.term(), entry.lsn()));
            terms = List.copyOf(longer);
            byte[] key = ByteBuffer.allocate(TERM.length + 8)
                    .put(TERM)
                    .putLong(entry.term())
                    .array();
            put(key, longs(entry.lsn()), entry.lsn());
        }
        if (entry.kind() == EntryKind.CONFIGURATION) {
            configuration = entry.payload();
            configurationLsn = entry.lsn();
            put(CONFIGURATION, withBytes(longs(entry.lsn()), entry.payload()), entry.lsn());
        }
    }

    /** The log's clock never goes back (rule E7). */
    void clock(long millis, long lsn) {
        if (millis > timeMillis) {
            timeMillis = millis;
            put(TIME, longs(millis), lsn);
        }
    }

    Reply advance(AdvanceHighWater advance, Version at) {
        boolean follows = advance.first() == shipped + 1;
        boolean inside = advance.first() <= advance.last() && advance.last() < at.lsn();
        if (!follows || !inside) {
            return Reply.of(Status.REFUSED, new Version(shipped, 0));
        }
        shipped = advance.last();
        byte[] object = advance.object().getBytes(StandardCharsets.UTF_8);
        put(SHIPPED, withBytes(longs(shipped, advance.redoChain()), object), at.lsn());
        return Reply.of(Status.OK, at);
    }

    /** A function of the state alone: every node accepts or refuses alike (rule CT3). */
    Reply checkpointShipped(CheckpointShipped shipping, Version at) {
        boolean goesOn = shipping.base() == checkpoint.lsn() && shipping.lsn() > shipping.base();
        if (!goesOn || shipping.lsn() > shipped || shipping.term() != termOf(shipping.lsn())) {
            return Reply.of(Status.REFUSED, new Version(checkpoint.lsn(), 0));
        }
        checkpoint = new Checkpoint(
                shipping.lsn(),
                shipping.base(),
                shipping.term(),
                shipping.redoChain(),
                shipping.directory(),
                shipping.bytes(),
                HexFormat.of().formatHex(shipping.sha256()));
        put(CHECKPOINT, CheckpointRow.encode(checkpoint), at.lsn());
        retention.shipped(checkpoint, timeMillis, at);
        return Reply.of(Status.OK, at);
    }

    /** What of the past is kept. */
    Reply retain(OfRetention operation, Version at) {
        return retention.apply(operation, timeMillis, at);
    }

    /** Term of the entry at the LSN, which is in the past; -1 before the first. */
    private long termOf(long lsn) {
        long term = -1;
        for (TermStart start : terms) {
            term = start.firstLsn() <= lsn ? start.term() : term;
        }
        return term;
    }

    Reply start(HistoryStarted started, Version at) {
        if (started.history().equals(history) || started.fork() >= at.lsn()) {
            return Reply.of(Status.REFUSED, new Version(shipped, 0));
        }
        history = started.history();
        parentHistory = started.parent();
        fork = started.fork();
        shipped = started.fork();
        put(HISTORY, history.getBytes(StandardCharsets.UTF_8), at.lsn());
        put(FORK, withBytes(longs(fork), parentHistory.getBytes(StandardCharsets.UTF_8)), at.lsn());
        put(SHIPPED, longs(shipped, 0), at.lsn());
        retention.begin();
        return Reply.of(Status.OK, at);
    }

    Reply allocate(String node, Version at) {
        byte[] key = ascii("incarnation/" + node);
        long next = 1 + row(key).map(ByteBuffer::getLong).orElse(FOUNDER);
        put(key, longs(next), at.lsn());
        return new Reply(Status.OK, at, longs(next));
    }

    /** An id that no transaction of this log ever had. */
    long nextTransaction(Version at) {
        lastTransaction++;
        put(TRANSACTION, longs(lastTransaction), at.lsn());
        return lastTransaction;
    }

    long timeMillis() {
        return timeMillis;
    }

    State at(long lsn, long term, long redoChain) {
        return new State(
                lsn,
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
                checkpoint,
                retention.now());
    }

    private Optional<ByteBuffer> row(byte[] key) {
        return trees.get(TREE, key).map(stored -> ByteBuffer.wrap(stored.value()));
    }

    private void put(byte[] key, byte[] value, long lsn) {
        trees.put(TREE, key, value, new Version(lsn, 0));
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private static byte[] withBytes(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static String text(ByteBuffer bytes) {
        return new String(rest(bytes), StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
