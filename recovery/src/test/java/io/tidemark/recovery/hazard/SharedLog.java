package io.tidemark.recovery.hazard;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.Bookkeeping;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * One committed log and an engine that has applied all of it. Whatever the log is told about S3 is held against what S3
 * has at that moment, past all hazards.
 */
final class SharedLog implements LogSource, HighWaterProposer, AutoCloseable {
    static final String HISTORY = "11111111-0000-4000-8000-000000000001";

    private final Engine engine = MemoryEngine.open();
    private final ObjectStore truth;
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private boolean takesProposals = true;
    private long carriedPages;

    /** @param truth what S3 has */
    SharedLog(ObjectStore truth) {
        this.truth = truth;
        newTerm();
        append(new Operation.HistoryStarted(HISTORY, "", -1));
    }

    Engine engine() {
        return engine;
    }

    long last() {
        return entries.size() - 1L;
    }

    /** What held after the entry. */
    State at(long lsn) {
        return states.get((int) lsn);
    }

    LogEntry logged(long lsn) {
        return entries.get((int) lsn);
    }

    private long term() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
    }

    void newTerm() {
        add(Entries.configuration(entries.size(), term() + 1, "peers of term " + (term() + 1)));
    }

    void put(Random random, int keys, int valueBytes) {
        byte[] value = new byte[valueBytes];
        random.nextBytes(value);
        add(Entries.put(entries.size(), term(), "key-" + random.nextInt(keys), value));
    }

    private Reply append(Operation operation) {
        return add(Entries.commands(entries.size(), term(), operation));
    }

    private Reply add(LogEntry entry) {
        entries.add(entry);
        Reply reply = engine.apply(entry).stream().findFirst().orElse(null);
        states.add(engine.state());
        return reply;
    }

    /** Off: the proposer leads no more. */
    void takesProposals(boolean on) {
        takesProposals = on;
    }

    boolean hasClientEntriesToShip() {
        for (long lsn = engine.state().shipped() + 1; lsn <= last(); lsn++) {
            if (!Bookkeeping.holds(logged(lsn))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public CompletableFuture<Reply> propose(Operation announcement) {
        if (!takesProposals) {
            return CompletableFuture.failedFuture(new IllegalStateException("not the leader"));
        }
        State before = engine.state();
        Reply reply = append(announcement);
        if (engine.state().shipped() != before.shipped()) {
            prove((AdvanceHighWater) announcement, before.shipped());
        }
        if (!engine.state().checkpoint().equals(before.checkpoint())) {
            require(announcement instanceof CheckpointShipped, "a checkpoint by " + announcement);
            prove(engine.state().checkpoint());
            carriedPages += carriedPages(before.checkpoint().lsn());
        }
        return CompletableFuture.completedFuture(reply);
    }

    private void prove(AdvanceHighWater advance, long before) {
        require(advance.first() == before + 1, "the mark " + before + " moved by " + advance);
        byte[] bytes = truth.get(advance.object()).orElse(null);
        require(bytes != null, "announced before it is there: " + advance);
        require(Hashes.sha256Hex(bytes).equals(HexFormat.of().formatHex(advance.sha256())), "hash of " + advance);
        SegmentReader segment = SegmentReader.open(
                        SegmentName.parse(advance.object()).orElseThrow(), bytes)
                .verify();
        long[] found = {0};
        segment.forEach(entry -> {
            require(entry.equals(logged(entry.lsn())), "another entry in " + advance.object() + ": " + entry);
            found[0] += entry.lsn() >= advance.first() && entry.lsn() <= advance.last() ? 1 : 0;
        });
        require(found[0] == advance.last() - advance.first() + 1, "entries of " + advance + " are missing");
        require(at(advance.last()).redoChain() == advance.redoChain(), "chain of " + advance);
        long manifest =
                new HistoryReader(truth).newestManifest(HISTORY).orElseThrow().mark();
        require(manifest >= advance.last(), "the newest manifest has mark " + manifest + " at " + advance);
    }

    private void prove(Checkpoint checkpoint) {
        require(checkpoint.lsn() <= engine.state().shipped(), "past the mark: " + checkpoint);
        require(at(checkpoint.lsn()).redoChain() == checkpoint.redoChain(), "chain of " + checkpoint);
        PageDirectory directory = PageDirectory.open(truth, checkpoint.directory(), checkpoint.sha256());
        long pages = 0;
        for (int part = 0; part < directory.parts(); part++) {
            for (PagePlace place : directory.placesOf(part)) {
                directory.image(place);
                pages++;
            }
        }
        require(pages == directory.root().pageIds(), pages + " pages of " + checkpoint);
    }

    /** Pages of the newest checkpoint that it has in a pack of its own, though nothing changed since the one before. */
    private long carriedPages(long before) {
        Checkpoint newest = engine.state().checkpoint();
        PageDirectory directory = PageDirectory.open(truth, newest.directory(), newest.sha256());
        long carried = 0;
        for (int part = 0; part < directory.parts(); part++) {
            carried += directory.placesOf(part).stream()
                    .filter(place -> place.pageLsn() <= before)
                    .filter(place -> PackName.parse(place.pack()).orElseThrow().lsn() == newest.lsn())
                    .count();
        }
        return carried;
    }

    /** Of all checkpoints so far. */
    long carried() {
        return carriedPages;
    }

    /** S3 has every entry above the floor up to the mark, once and as it was committed, and the newest checkpoint. */
    void proveCoverage() {
        HistoryReader reader = new HistoryReader(truth);
        long floor = Math.max(-1, engine.state().retention().floor());
        long next = floor + 1;
        for (HistoryReader.Piece piece :
                reader.covering(HISTORY, floor, engine.state().shipped())) {
            require(piece.from() == next, "gap at " + next);
            reader.segment(piece.segment()).forEach(e -> require(e.equals(logged(e.lsn())), "entry " + e));
            next = piece.to() + 1;
        }
        require(next == engine.state().shipped() + 1, "covered up to " + (next - 1));
        prove(engine.state().checkpoint());
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Override
    public long lastShippable() {
        return last();
    }

    @Override
    public Optional<LogEntry> entry(long lsn) {
        return Optional.of(logged(lsn));
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return OptionalLong.of(at(lsn).redoChain());
    }

    @Override
    public void close() {
        engine.abandon();
    }
}
