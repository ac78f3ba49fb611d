package io.tidemark.recovery;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.GarbageTerm;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.Shipper;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.ShippingTerm;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.checkpoint.CheckpointScratch;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A real engine with a log in memory and a shipper: one node that is always the leader. */
final class ShippedEngine implements LogSource, HighWaterProposer, AutoCloseable {
    static final EngineOptions SMALL = new EngineOptions(4 << 10, 64, 2 << 20, 1 << 20, 4 << 20, 32, 0, false);

    private final String history;
    private final StorageEngine engine;
    private final TreeMap<Long, LogEntry> log = new TreeMap<>();
    private final ManualPace pace = new ManualPace();
    private final ShippingTerm shipping;
    private final CheckpointTerm pages;
    private final GarbageTerm past;
    private final Shipper shipper;
    private long term;

    /** Goes on from where the directory stands; the first command begins the history if the engine is of another. */
    ShippedEngine(Path directory, String history, ObjectStore store) {
        this(directory, history, store, RetentionOptions.defaults());
    }

    /** The same, and gives up what the options say, by {@link #settle}. */
    ShippedEngine(Path directory, String history, ObjectStore store, RetentionOptions retention) {
        this.history = history;
        this.engine = open(directory);
        StorageEngine.State start = engine.state();
        this.term = start.term() + 1;
        add(Entries.configuration(next(), term, "peers of " + history + " in term " + term));
        if (!start.history().equals(history)) {
            commit(new Operation.HistoryStarted(history, start.history(), start.applied()));
        }
        MetricRegistry metrics = new MetricRegistry();
        this.shipper = new Shipper(
                ShipperOptions.builder()
                        .segmentBytes(2 << 10)
                        .retention(retention)
                        .build(),
                history,
                store,
                this,
                this,
                engine::state,
                pace,
                new Random(3),
                metrics,
                Halt.THROW,
                Optional.of(new CheckpointTerm.Parts(
                        new CheckpointOptions(1 << 10, 16 << 10, 0, 500),
                        history,
                        store,
                        engine::cut,
                        new CheckpointScratch(new SimulatedDisk(), Path.of("/checkpoint"), 0),
                        engine::state,
                        lsn -> true,
                        new Random(history.hashCode() + term),
                        metrics)));
        this.past = shipper.newGarbageTerm();
        this.pages = shipper.newCheckpointTerm(past::sparse).orElseThrow();
        this.shipping = shipper.newTerm(Optional.of(pages));
    }

    static Engine open(Path directory) {
        return Engine.open(directory, SMALL, new MetricRegistry(), Halt.THROW);
    }

    StorageEngine engine() {
        return engine;
    }

    String history() {
        return history;
    }

    LogEntry logged(long lsn) {
        return log.get(lsn);
    }

    /** The log of a node that is left, from an LSN on. */
    SurvivingLog survivor(long from) {
        return new SurvivingLog() {
            @Override
            public String history() {
                return history;
            }

            @Override
            public void forEachAfter(long lsn, long term, Consumer<LogEntry> visitor) {
                log.tailMap(Math.max(lsn + 1, from)).values().forEach(visitor);
            }
        };
    }

    private long next() {
        return engine.state().applied() + 1;
    }

    Reply commit(Operation operation) {
        return add(Entries.commands(next(), term, operation));
    }

    /** A command of an open transaction. */
    Reply within(long transaction, Operation operation) {
        Entry entry = new Entry(1_000 + next(), List.of(new Command(null, transaction, operation)));
        return add(new LogEntry(next(), term, EntryKind.COMMANDS, EntryCodec.encode(entry)));
    }

    private Reply add(LogEntry entry) {
        log.put(entry.lsn(), entry);
        return engine.apply(entry).stream().findFirst().orElse(null);
    }

    void newTerm() {
        term++;
        add(Entries.configuration(next(), term, "peers of term " + term));
    }

    void put(String key, int valueBytes) {
        add(Entries.put(
                next(), term, key, key.repeat(1 + valueBytes / key.length()).getBytes(StandardCharsets.UTF_8)));
    }

    void delete(String key) {
        commit(new Operation.Delete(
                "files", key.getBytes(StandardCharsets.UTF_8), io.tidemark.engine.log.Precondition.NONE));
    }

    /** Random puts and deletes over a small set of keys, with a change of term now and then. */
    void work(Random random, int entries) {
        for (int i = 0; i < entries; i++) {
            String key = "key-" + random.nextInt(50);
            switch (random.nextInt(12)) {
                case 0 -> newTerm();
                case 1, 2 -> delete(key);
                default -> put(key, random.nextInt(random.nextInt(10) == 0 ? 9_000 : 300));
            }
        }
    }

    /** Ships until only bookkeeping is left; answers the mark. */
    long ship() {
        for (int i = 0; i < 10_000 && hasClientEntries(); i++) {
            pace.pause(Math.max(1, shipping.step()));
        }
        if (hasClientEntries()) {
            throw new AssertionError("not shipped: " + shipping.error());
        }
        return engine.state().shipped();
    }

    /** Ships all of it, and a checkpoint of pages above the last; answers that. */
    Checkpoint checkpoint() {
        long before = engine.state().checkpoint().lsn();
        ship();
        for (int i = 0; i < 10_000 && engine.state().checkpoint().lsn() == before; i++) {
            pace.pause(Math.max(1, Math.min(shipping.step(), pages.step())));
        }
        if (engine.state().checkpoint().lsn() == before) {
            throw new AssertionError("no checkpoint: " + pages.phase() + ", " + pages.error());
        }
        return engine.state().checkpoint();
    }

    /** Takes steps of all that a leader does until the log has been silent for a while, but for checkpoints. */
    void settle() {
        ship();
        long last = engine.state().applied();
        for (int quiet = 0; quiet < 20; quiet++) {
            pace.pause(Math.max(1, Math.min(shipping.step(), past.step())));
            if (engine.state().applied() > last || past.error() != null) {
                last = engine.state().applied();
                quiet = 0;
            }
        }
    }

    /** What another leader would do about the past, to be stepped by hand. */
    GarbageTerm garbage(ObjectStore store) {
        return new Shipper(
                        ShipperOptions.defaults(),
                        history,
                        store,
                        this,
                        this,
                        engine::state,
                        pace,
                        new Random(4),
                        new MetricRegistry(),
                        Halt.THROW)
                .newGarbageTerm();
    }

    private boolean hasClientEntries() {
        return log.tailMap(engine.state().shipped(), false).values().stream()
                .anyMatch(e -> !io.tidemark.shipper.Bookkeeping.holds(e));
    }

    @Override
    public long lastShippable() {
        return engine.state().applied();
    }

    @Override
    public Optional<LogEntry> entry(long lsn) {
        return Optional.ofNullable(log.get(lsn));
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return engine.chainAt(lsn);
    }

    @Override
    public CompletableFuture<Reply> propose(Operation advance) {
        return CompletableFuture.completedFuture(commit(advance));
    }

    @Override
    public void close() {
        engine.close();
    }
}
