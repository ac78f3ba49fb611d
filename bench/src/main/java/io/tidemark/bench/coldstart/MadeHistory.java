package io.tidemark.bench.coldstart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.process.Await;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.node.S3Shipping;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a history in an object store: rows with values that do not compress, all of them in one checkpoint of pages, by an
 * engine and a shipper with no consensus between them. Its log is made again when it is read, so that memory does not bound
 * it.
 */
public final class MadeHistory implements LogSource, HighWaterProposer {
    public static final String KEYSPACE = "rows";
    private static final int VALUE_BYTES = 1024;
    private static final int ROWS_OF_ENTRY = 1024;
    private static final Duration LIMIT = Duration.ofMinutes(60);

    private final String history;
    private final Engine engine;
    private final long filled;

    /** Entries behind the rows. */
    private final Map<Long, LogEntry> later = new ConcurrentHashMap<>();

    private MadeHistory(String history, Engine engine, long mebibytes) {
        this.history = history;
        this.engine = engine;
        this.filled = mebibytes;
    }

    /**
     * Makes it.
     *
     * @param scratch for the files of the engine
     * @return the checkpoint that has all rows
     */
    public static Checkpoint make(ObjectStore store, String history, long mebibytes, Path scratch) {
        EngineOptions options = EngineOptions.defaults();
        MetricRegistry metrics = new MetricRegistry();
        try (Engine engine = Engine.open(scratch.resolve("engine"), options, metrics, Halt.THROW)) {
            MadeHistory made = new MadeHistory(history, engine, mebibytes);
            made.fill();
            return made.ship(store, scratch.resolve("checkpoint"), metrics);
        }
    }

    /** Key of a row, of {@code mebibytes} times 1,024. */
    public static byte[] key(long row) {
        return String.format(Locale.ROOT, "row-%012d", row).getBytes(StandardCharsets.US_ASCII);
    }

    public static long rows(long mebibytes) {
        return mebibytes * ROWS_OF_ENTRY;
    }

    private void fill() {
        for (long lsn = 0; lsn <= filled; lsn++) {
            engine.apply(made(lsn));
        }
    }

    /** LSN of the entry that sets the row. */
    static long lsn(long row) {
        return 1 + row / ROWS_OF_ENTRY;
    }

    /** The first entry begins the history, each next one has a MiB of rows. */
    private LogEntry made(long lsn) {
        List<Command> commands = new ArrayList<>();
        if (lsn == 0) {
            commands.add(Command.of(new Operation.HistoryStarted(history, "", -1)));
        }
        Random random = new Random(lsn);
        for (int i = 0; lsn > 0 && i < ROWS_OF_ENTRY; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            commands.add(Command.of(
                    new Operation.Put(KEYSPACE, key((lsn - 1) * ROWS_OF_ENTRY + i), value, Precondition.NONE)));
        }
        return entry(lsn, commands);
    }

    private static LogEntry entry(long lsn, List<Command> commands) {
        return new LogEntry(lsn, 1, EntryKind.COMMANDS, EntryCodec.encode(new Entry(1_000 + lsn, commands)));
    }

    private Checkpoint ship(ObjectStore store, Path scratch, MetricRegistry metrics) {
        ShipperOptions options = ShipperOptions.builder()
                .checkpoints(CheckpointOptions.defaults().withLogBytes(Math.max(1, filled / 2) << 20))
                .build();
        Shipping.Factory factory =
                S3Shipping.over(history, store, options, scratch, Pace.system(), metrics, Halt.THROW);
        try (Shipping shipping = factory.open(engine, this, this, lsn -> true)) {
            shipping.lead();
            Await.until(
                    "there is a checkpoint",
                    LIMIT,
                    () -> engine.state().checkpoint().lsn() >= filled);
            Checkpoint made = engine.state().checkpoint();
            long told = append(
                    new Operation.Put("end", key(0), new byte[0], Precondition.NONE)); // behind the checkpoint's entry
            Await.until(
                    "S3 knows of the checkpoint", LIMIT, () -> engine.state().shipped() >= told);
            return made;
        }
    }

    @Override
    public long lastShippable() {
        return engine.state().applied();
    }

    @Override
    public Optional<LogEntry> entry(long lsn) {
        return Optional.of(lsn <= filled ? made(lsn) : later.get(lsn));
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return engine.chainAt(lsn);
    }

    @Override
    public synchronized CompletableFuture<Reply> propose(Operation announcement) {
        return CompletableFuture.completedFuture(apply(announcement).get(0));
    }

    private synchronized long append(Operation operation) {
        apply(operation);
        return engine.state().applied();
    }

    private List<Reply> apply(Operation operation) {
        long lsn = engine.state().applied() + 1;
        LogEntry entry = entry(lsn, List.of(Command.of(operation)));
        later.put(lsn, entry);
        return engine.apply(entry);
    }
}
