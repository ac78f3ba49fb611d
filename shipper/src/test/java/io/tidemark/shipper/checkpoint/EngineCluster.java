package io.tidemark.shipper.checkpoint;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.PageCut;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.SimulatedPageTable;
import io.tidemark.shipper.Bookkeeping;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.retention.Garbage;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.PeekedStore;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One committed log, and nodes with real engines that have applied a part of it each. Every checkpoint that the log takes is
 * held against the store, past all faults: its directory must lead to every page as a reference engine has it at that LSN.
 */
final class EngineCluster implements AutoCloseable {
    static final String HISTORY = "history-1";

    /** As small as an engine gets, so that checkpoints work with evictions and without room for old versions. */
    static final EngineOptions SMALL = options(160);

    private final SimulatedObjectStore store;
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Checkpoint> accepted = new ArrayList<>();
    private final Engine reference = engine(options(400));
    private final Engine truth = engine(options(400));
    private final List<Node> nodes = new ArrayList<>();
    private final TreeMap<Long, TreeMap<Long, ByteBuffer>> provenPages = new TreeMap<>();

    EngineCluster(SimulatedObjectStore store) {
        this.store = store;
        newTerm();
        append(new Operation.HistoryStarted(HISTORY, "", -1));
    }

    static EngineOptions options(int frames) {
        return new EngineOptions(1024, 64, frames * 1024L, 4096, 1 << 16, 8, 0, false);
    }

    static Engine engine(EngineOptions options) {
        SimulatedDisk disk = new SimulatedDisk();
        EngineFiles files = new EngineFiles(Path.of("/engine"));
        SimulatedPageTable table = new SimulatedPageTable(disk, files.table(), Halt.THROW);
        return Engine.open(files.open(disk, table, options, new MetricRegistry(), Halt.THROW), options);
    }

    long last() {
        return entries.size() - 1L;
    }

    LogEntry entry(long lsn) {
        return entries.get((int) lsn);
    }

    private long term() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
    }

    List<Checkpoint> accepted() {
        return accepted;
    }

    long shipped() {
        return truth.state().shipped();
    }

    Retention retention() {
        return truth.state().retention();
    }

    /** Every state from the floor on can be had: its checkpoint and those after it whole, and all entries since. */
    void proveKept() {
        Retention kept = retention();
        HistoryReader reader = new HistoryReader(PeekedStore.of(store));
        for (Retention.Kept checkpoint : kept.checkpoints()) {
            require(provenPages.containsKey(checkpoint.lsn()), "a checkpoint that was never accepted " + checkpoint);
            provePages(checkpoint.checkpoint(), provenPages.get(checkpoint.lsn()));
        }
        require(reader.covering(HISTORY, kept.floor(), shipped()) != null, "a gap");
        long floorSaid = reader.newestManifest(HISTORY).map(Manifest::floor).orElse(-1L);
        require(
                floorSaid >= kept.collected(),
                "collected below " + kept.collected() + ", and a manifest says " + floorSaid);
    }

    /** Nothing is there that a sweep should have found. */
    void proveNoGarbage() {
        Retention kept = retention();
        Garbage.Found found = Garbage.find(
                new HistoryReader(PeekedStore.of(store)), HISTORY, kept, kept.collected(), kept.swept(), 0);
        require(
                found.items().isEmpty(),
                found.items().size() + " objects are left: "
                        + found.items().stream().limit(3).toList());
        for (String key : store.keys()) {
            boolean isBelow = SegmentName.parse(key)
                    .filter(segment -> segment.last() <= kept.collected() && segment.last() < shipped())
                    .isPresent();
            require(!isBelow, key + " lies below " + kept.collected());
        }
    }

    Checkpoint newest() {
        return truth.state().checkpoint();
    }

    void newTerm() {
        add(Entries.configuration(entries.size(), term() + 1, "peers of term " + (term() + 1)));
    }

    void put(String key, int valueBytes) {
        byte[] value = new byte[valueBytes];
        new Random(entries.size()).nextBytes(value);
        add(Entries.put(entries.size(), term(), key, value));
    }

    void delete(String key) {
        append(new Operation.Delete("files", key.getBytes(StandardCharsets.UTF_8), Precondition.NONE));
    }

    Reply append(Operation operation) {
        return add(Entries.commands(entries.size(), term(), operation));
    }

    private Reply add(LogEntry entry) {
        entries.add(entry);
        Checkpoint before = truth.state().checkpoint();
        Reply reply = truth.apply(entry).stream().findFirst().orElse(null);
        if (!truth.state().checkpoint().equals(before)) {
            prove(truth.state().checkpoint());
        }
        return reply;
    }

    /** What the log says of a checkpoint is true at that very moment. */
    private void prove(Checkpoint checkpoint) {
        require(checkpoint.lsn() <= shipped(), "past the shipped mark: " + checkpoint);
        while (reference.state().applied() < checkpoint.lsn()) {
            reference.apply(entry(reference.state().applied() + 1));
        }
        require(reference.state().redoChain() == checkpoint.redoChain(), "chain of " + checkpoint);
        require(reference.state().term() == checkpoint.term(), "term of " + checkpoint);
        byte[] root = store.peek(checkpoint.directory());
        require(root != null && root.length == checkpoint.bytes(), "the root of " + checkpoint);
        TreeMap<Long, ByteBuffer> expected = pages(reference);
        provenPages.put(checkpoint.lsn(), expected);
        provePages(checkpoint, expected);
        boolean named = new HistoryReader(PeekedStore.of(store))
                .newestManifestFrom(HISTORY, 0)
                .filter(m -> m.mark() >= checkpoint.lsn())
                .isPresent();
        require(named, "no manifest at or above " + checkpoint);
        accepted.add(checkpoint);
    }

    private void provePages(Checkpoint checkpoint, TreeMap<Long, ByteBuffer> expected) {
        PageDirectory directory =
                PageDirectory.open(PeekedStore.of(store), checkpoint.directory(), checkpoint.sha256());
        require(directory.root().pageIds() == expected.size(), "pages of " + checkpoint);
        for (int part = 0; part < directory.parts(); part++) {
            for (PagePlace place : directory.placesOf(part)) {
                ByteBuffer found = directory.image(place).bytes();
                require(expected.get(place.pageId()).equals(found), "page " + place + " of " + checkpoint);
            }
        }
    }

    /** Every page of an engine now, by id. */
    static TreeMap<Long, ByteBuffer> pages(Engine engine) {
        TreeMap<Long, ByteBuffer> pages = new TreeMap<>();
        try (PageCut cut = engine.cut(-1, scratch())) {
            cut.forEachChanged(image -> {
                byte[] copy = new byte[image.bytes().remaining()];
                image.bytes().duplicate().get(copy);
                pages.put(image.pageId(), ByteBuffer.wrap(copy));
            });
        }
        return pages;
    }

    private static DiskFile scratch() {
        try {
            SimulatedDisk disk = new SimulatedDisk();
            disk.createDirectories(Path.of("/scratch"));
            return disk.open(Path.of("/scratch/cut"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of segments above the newest checkpoint, as S3 has them. */
    long logBytesAboveCheckpoint() {
        return new HistoryReader(PeekedStore.of(store))
                .covering(HISTORY, newest().lsn(), shipped()).stream()
                        .mapToLong(HistoryReader.Piece::bytes)
                        .sum();
    }

    Optional<Checkpoint> namedByNewestManifest() {
        return new HistoryReader(PeekedStore.of(store)).newestManifest(HISTORY).map(Manifest::checkpoint);
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Override
    public void close() {
        truth.abandon();
        reference.abandon();
        nodes.forEach(node -> node.engine.abandon());
    }

    /** How a node answers a proposal. */
    enum Proposing {
        APPLIES,
        LOSES_ANSWER,
        REFUSES_LEADERSHIP
    }

    /** A node with an engine of its own. */
    final class Node implements LogSource, HighWaterProposer {
        private final Engine engine = EngineCluster.engine(SMALL);
        private Proposing proposing = Proposing.APPLIES;

        Node() {
            nodes.add(this);
        }

        Engine engine() {
            return engine;
        }

        void proposing(Proposing how) {
            proposing = how;
        }

        void applyAll() {
            applyTo(last());
        }

        void applyTo(long lsn) {
            while (engine.state().applied() < Math.min(lsn, last())) {
                engine.apply(EngineCluster.this.entry(engine.state().applied() + 1));
            }
        }

        @Override
        public long lastShippable() {
            return engine.state().applied();
        }

        @Override
        public Optional<LogEntry> entry(long lsn) {
            return lsn > lastShippable() ? Optional.empty() : Optional.of(EngineCluster.this.entry(lsn));
        }

        @Override
        public OptionalLong chainAt(long lsn) {
            return engine.chainAt(lsn);
        }

        @Override
        public CompletableFuture<Reply> propose(Operation operation) {
            boolean known = operation instanceof AdvanceHighWater
                    || operation instanceof CheckpointShipped
                    || operation instanceof Operation.OfRetention;
            require(known, "an announcement of " + operation);
            return switch (proposing) {
                case APPLIES -> {
                    Reply reply = append(operation);
                    applyAll();
                    yield CompletableFuture.completedFuture(reply);
                }
                case LOSES_ANSWER -> {
                    append(operation);
                    yield CompletableFuture.failedFuture(new IllegalStateException("answer lost"));
                }
                case REFUSES_LEADERSHIP -> CompletableFuture.failedFuture(new IllegalStateException("not the leader"));
            };
        }
    }

    /** Whether anything of clients is left to be shipped. */
    boolean hasClientEntries() {
        for (long lsn = shipped() + 1; lsn <= last(); lsn++) {
            if (!Bookkeeping.holds(entry(lsn))) {
                return true;
            }
        }
        return false;
    }
}
