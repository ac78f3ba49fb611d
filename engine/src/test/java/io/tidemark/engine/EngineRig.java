package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** An engine without threads over memory, that can crash, and the entries to feed it. */
final class EngineRig {
    /** A thread for each task: the common pool has one on two processors, where tasks that wait hold up the others. */
    public static final Executor THREADS = task -> new Thread(task).start();

    static final String SPACE = "rows";

    final MemoryLog.Medium medium = new MemoryLog.Medium();
    final MemoryPageStore store = new MemoryPageStore(medium);
    final EngineOptions options;
    MemoryLog log;
    Engine engine;

    private MetricRegistry metrics;

    EngineRig(EngineOptions options) {
        this.options = options;
        open();
    }

    /** The smallest pool that rule E2 allows: 1 KiB pages, entries of up to 64 pages, 128 frames. */
    static EngineOptions small() {
        return options(64, 128);
    }

    static EngineOptions options(int maxEntryPages, int frames) {
        return new EngineOptions(1024, maxEntryPages, frames * 1024L, 4096, 1 << 16, 8, 0, false);
    }

    /** As {@link #small}, with the engine's own threads. */
    static EngineOptions threaded() {
        return new EngineOptions(1024, 64, 128 * 1024L, 4096, 1 << 16, 8, 0, true);
    }

    void open() {
        log = new MemoryLog(medium);
        metrics = new MetricRegistry();
        engine = Engine.open(new Engine.Parts(store, log, metrics, Halt.THROW), options);
    }

    /** Ends the process; the machine goes on. */
    void killAndReopen() {
        engine.abandon();
        open();
    }

    /** Ends the machine: unsynced blocks are gone. */
    void powerOffAndReopen() {
        engine.abandon();
        medium.loseUnsynced();
        open();
    }

    void closeAndReopen() {
        engine.close();
        open();
    }

    List<Reply> apply(Operation... operations) {
        return apply(List.of(operations));
    }

    List<Reply> apply(List<? extends Operation> operations) {
        return engine.apply(entry(engine.state().applied() + 1, operations));
    }

    static LogEntry entry(long lsn, List<? extends Operation> operations) {
        List<Command> commands = operations.stream().map(o -> Command.of(o)).toList();
        return new LogEntry(lsn, 1, EntryKind.COMMANDS, EntryCodec.encode(new Entry(1000, commands)));
    }

    static Operation.Put put(String key, byte[] value) {
        return new Operation.Put(SPACE, bytes(key), value, Precondition.NONE);
    }

    static Operation.Put put(String key, String value) {
        return put(key, bytes(value));
    }

    static Operation.Delete delete(String key) {
        return new Operation.Delete(SPACE, bytes(key), Precondition.NONE);
    }

    String get(String key) {
        String value =
                engine.get(SPACE, bytes(key)).map(row -> text(row.value())).orElse(null);
        assertEquals(value, getInto(key), "read into memory of one's own");
        return value;
    }

    private String getInto(String key) {
        ByteBuffer target = ByteBuffer.allocate(1 << 17);
        int length = engine.getInto(SPACE, bytes(key), target);
        return length == StorageEngine.ABSENT ? null : text(Arrays.copyOf(target.array(), length));
    }

    /** As the transaction sees it. */
    String get(long transaction, String key) {
        return engine.get(transaction, SPACE, bytes(key))
                .map(row -> text(row.value()))
                .orElse(null);
    }

    /** All rows of the keyspace, read in pieces of a few. */
    TreeMap<String, String> rows() {
        return rows(Command.NO_TRANSACTION);
    }

    /** All rows as the transaction sees them. */
    TreeMap<String, String> rows(long transaction) {
        TreeMap<String, String> rows = new TreeMap<>();
        byte[] from = null;
        do {
            StorageEngine.Scan scan = transaction == Command.NO_TRANSACTION
                    ? engine.scan(SPACE, from, null, 7, 1 << 20)
                    : engine.scan(transaction, SPACE, from, null, 7, 1 << 20);
            scan.rows().forEach(row -> rows.put(text(row.key()), text(row.value())));
            from = scan.nextKey();
        } while (from != null);
        return rows;
    }

    /** Bytes of every page, their CRC as zero. */
    List<String> pageBytes() {
        return Stream.iterate(0L, id -> id < engine.inspection().pageIds(), id -> id + 1)
                .map(id -> HexFormat.of()
                        .formatHex(engine.inspection().page(id).putInt(24, 0).array()))
                .toList();
    }

    /** Pages changed by entries since the engine was opened. */
    long changedPages() {
        return metrics.counter("engine.entry.pages").getCount();
    }

    /** Value of one of the engine's gauges. */
    Object gauge(String name) {
        return metrics.getGauges().get(name).getValue();
    }

    /** Value of one of the engine's counters. */
    long counted(String name) {
        return metrics.counter(name).getCount();
    }

    /** Frames that hold versions which are not the newest. */
    int oldVersions() {
        return (Integer) metrics.getGauges().get("engine.pool.old.versions").getValue();
    }

    /** Redo bytes that a restart would go through. */
    long redoBytes() {
        return (Long) metrics.getGauges().get("engine.redo.bytes").getValue();
    }

    /** A value that says where it begins and ends. */
    static String value(int seed, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(seed).append('/').append(text.length()).append(' ');
        }
        return text.substring(0, length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
