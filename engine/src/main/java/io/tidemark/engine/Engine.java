package io.tidemark.engine;

import com.codahale.metrics.Counter;
import com.codahale.metrics.LockFreeExponentiallyDecayingReservoir;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.btree.EntryTrees;
import io.tidemark.engine.btree.PageAllocator;
import io.tidemark.engine.btree.PageWriter;
import io.tidemark.engine.btree.TreeReader;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.ReadAhead;
import io.tidemark.engine.buffer.ReadTimes;
import io.tidemark.engine.checkpoint.Cleaner;
import io.tidemark.engine.checkpoint.Filling;
import io.tidemark.engine.checkpoint.Flusher;
import io.tidemark.engine.checkpoint.HotTier;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.checkpoint.WalSyncer;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.restart.Restart;
import io.tidemark.engine.state.CommandInterpreter;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.txn.TransactionView;
import io.tidemark.engine.wal.WriteAheadLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engine; see {@link StorageEngine} for what it promises and the package for its threads. */
public final class Engine implements StorageEngine {
    /** Pages, at most, of an entry for whose end readers may have to wait: a hundred small writes, some 0.2 ms. */
    private static final int BRIEF_PAGES = EntryCost.OVERHEAD_PAGES + 1024;

    /** Greatest LSN there can be. */
    private static final long LSN_MAX = Long.MAX_VALUE - 16;

    private final Parts parts;
    private final boolean threaded;
    private final boolean lsnGaps;
    private final int maxEntryPages;
    private final Gate gate;

    /** Held by each entry from its beginning until it is published. */
    private final ReentrantLock entryBoundary = new ReentrantLock();

    private final ReaderSlots readers;
    private final BufferPool pool;
    private final PageWriter writer;
    private final EntryPages entryPages;
    private final PageAllocator allocator;
    private final EntryTrees trees;
    private final CommandInterpreter interpreter;
    private final Contents contents;
    private final Inspection inspection;
    private final Flusher flusher;
    private final HotTier hotTier;
    private final Filling filling;
    private final PagesAhead ahead;
    private final Cleaner cleaner;
    private final ReadAhead readAhead;
    private final WalSyncer syncer;
    private final Timer applies;
    private final Counter changedPages;
    private final HeldStates held = new HeldStates();
    private final LowWater lowWater = new LowWater();
    private volatile Position position;

    /** An entry was broken off because the engine ends: what it changed is in memory alone, and goes with it. */
    private volatile boolean torn;

    /**
     * What an engine is made of; it closes store and log.
     *
     * @param store opened page store
     * @param wal a log that is not yet recovered
     * @param metrics where the engine counts, under {@code engine.}
     */
    public record Parts(PageStore store, WriteAheadLog wal, MetricRegistry metrics, Halt halt) {}

    private Engine(Parts parts, EngineOptions options) {
        this.parts = parts;
        this.threaded = options.cleaner();
        this.lsnGaps = options.lsnGaps();
        this.maxEntryPages = options.maxEntryPages();
        MetricRegistry metrics = parts.metrics();
        FrameBudget budget = FrameBudget.of(options);
        gate = new Gate(parts.halt());
        readers = new ReaderSlots(budget.readersMax(), gate);
        pool = new BufferPool(
                parts.store(),
                options.pageBytes(),
                options.poolBytes(),
                budget.versionsMax(),
                readers,
                new ReadTimes(System::nanoTime),
                metrics);
        readers.furnish(pool);
        entryPages = new EntryPages(pool, readers, maxEntryPages);
        writer = new PageWriter(entryPages);
        allocator = new PageAllocator(writer, maxEntryPages);
        flusher = new Flusher(
                pool, parts.store(), parts.wal(), entryBoundary, () -> position, budget.flushLimits(options), metrics);
        applies = metrics.timer(
                "engine.applies",
                () -> new Timer(LockFreeExponentiallyDecayingReservoir.builder().build()));
        changedPages = metrics.counter("engine.entry.pages");
        ahead = new PagesAhead(readers, pool, parts.store());
        hotTier = new HotTier(
                pool, parts.store(), entryBoundary, this::durableLsn, ahead::systemLeaves, options.hotTierBytes());
        filling = new Filling(parts.store(), options.pageBytes(), options.hotTierBytes());
        cleaner = new Cleaner(flusher, hotTier, this::cleanerEnded);
        syncer = new WalSyncer(parts.wal(), threaded, metrics, cause -> gate.fail("WAL sync", cause));
        readAhead = new ReadAhead(pool, metrics);
        contents = new Contents(threaded);
        inspection = new Inspection(new Inspection.Parts(
                pool, parts.store(), entryPages, allocator, readers, gate, entryBoundary, !threaded));
        restart();
        Catalog catalog =
                allocator.exists() ? Catalog.load(new TreeReader(entryPages), allocator.catalogRoot()) : Catalog.EMPTY;
        trees = new EntryTrees(entryPages, catalog, writer, allocator);
        interpreter = new CommandInterpreter(trees);
        publish();
        entryPages.waits().begin();
        new EngineGauges(readers, entryPages, pool, parts).register(metrics);
    }

    private void publish() {
        State state = interpreter.state(position.applied(), position.term(), position.chain());
        readers.publish(new Published(
                position,
                trees.catalog(),
                state,
                interpreter.transactions(),
                interpreter.sessionUsedMillis(),
                allocator.pages()));
        entryPages.published();
        hotTier.told(state.checkpoint(), position.applied());
    }

    /**
     * Opens the store in a directory of the real disk, making it when there is none, and brings it to its last complete
     * entry. {@code CORRUPT} says what is damaged; then nothing was changed. {@code INVALID}: made with other options.
     *
     * @param metrics where the engine counts, under {@code engine.}
     */
    public static Engine open(Path directory, EngineOptions options, MetricRegistry metrics, Halt halt) {
        Disk disk = new RealDisk();
        EngineFiles files = new EngineFiles(directory);
        return open(files.open(disk, files.lmdb(disk, halt), options, metrics, halt), options);
    }

    /** As above, of parts that are opened already. */
    public static Engine open(Parts parts, EngineOptions options) {
        Engine engine;
        try {
            engine = new Engine(parts, options);
        } catch (RuntimeException | Error e) {
            parts.wal().close();
            parts.store().close();
            throw e;
        }
        if (engine.threaded) {
            engine.cleaner.start();
            engine.syncer.start();
            engine.readAhead.start();
        }
        return engine;
    }

    private void restart() {
        Restart.run(
                pool,
                parts.store(),
                parts.wal(),
                entryPages,
                () -> flusher.makeRoom(maxEntryPages),
                at -> position = at);
        flusher.walRecovered();
        if (parts.store().contains(MetaPage.PAGE_ID) || pool.holds(MetaPage.PAGE_ID)) {
            allocator.load(entryPages);
        }
    }

    @Override
    public List<Reply> apply(LogEntry entry) {
        gate.requireOpen();
        if (entry.lsn() <= position.applied()) {
            return List.of();
        }
        boolean follows = lsnGaps ? entry.lsn() <= LSN_MAX : entry.lsn() == position.applied() + 1;
        if (!follows || entry.term() < position.term()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    entry + " does not follow (" + position.term() + ", " + position.applied() + ")");
        }
        try (Timer.Context timed = applies.time()) {
            Optional<Entry> commands = CommandInterpreter.decode(entry);
            int pages =
                    commands.map(c -> EntryCost.pagesFor(c, pool.pageBytes())).orElse(EntryCost.OVERHEAD_PAGES);
            flusher.makeRoom(FrameBudget.setAside(pages, maxEntryPages));
            boolean foreseen = ahead.foresee(commands, entryPages.waits());
            List<Reply> replies = applyWhole(entry, commands, foreseen && pages <= BRIEF_PAGES);
            if (interpreter.contentsObserved()) {
                contents.observe(snapshot());
            }
            if (threaded && (flusher.isBehind() || hotTier.isDue())) {
                cleaner.wake();
            }
            return replies;
        } catch (RuntimeException | Error e) {
            throw failed(entry, e);
        }
    }

    /** An engine that is closed between two entries has not failed. */
    private RuntimeException failed(LogEntry entry, Throwable cause) {
        boolean isRefusal = (gate.isClosed() || entryPages.waits().isEnded()) && cause instanceof TidemarkException;
        return isRefusal ? (TidemarkException) cause : gate.fail("cannot apply " + entry, cause);
    }

    /** Changes pages, completes the block, and only then lets readers see any of it (rule E5). */
    private List<Reply> applyWhole(LogEntry entry, Optional<Entry> commands, boolean isBrief) {
        long shippedBefore = state().shipped();
        boolean begun = false;
        entryBoundary.lock();
        try {
            requireWhole();
            begun = true;
            writer.begin(entry.lsn(), position.redoBytes(), isBrief);
            List<Reply> replies = interpreter.apply(entry, commands);
            allocator.store();
            entryPages.bringBack();
            RedoBuffer redo = writer.redo();
            long chain = parts.wal().append(entry.lsn(), entry.term(), redo.array(), 0, redo.length());
            changedPages.inc(entryPages.size());
            entryPages.complete();
            position = position.after(entry.lsn(), entry.term(), chain, redo.length());
            publish();
            return replies;
        } catch (RuntimeException | Error e) {
            torn = torn || begun;
            throw failed(entry, e);
        } finally {
            if (!torn || gate.hasFailed()) {
                readers.letIn();
            }
            entryBoundary.unlock();
            if (state().shipped() > shippedBefore) {
                parts.wal().forgetChainsBelow(state().shipped());
            }
            if (state().shipped() > shippedBefore || hotTier.wasTold(entry.lsn())) {
                syncer.request();
            }
        }
    }

    private void requireWhole() {
        gate.requireOpen();
        if (torn) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the engine ends; open it again");
        }
    }

    @Override
    public boolean isAtHand(List<Command> commands) {
        return ahead.missing(commands).isEmpty();
    }

    @Override
    public void fetch(List<Command> commands) {
        ahead.bring(commands);
    }

    @Override
    public void bringToDisk(List<Command> commands) {
        ahead.bringToDisk(commands);
    }

    @Override
    public long fill(long bytesMax) {
        gate.requireOpen();
        int pages = (int) Math.min(Filling.STEP_PAGES, bytesMax / pool.pageBytes());
        return filling.step(Math.max(1, pages)) * pool.pageBytes();
    }

    @Override
    public Tier tier() {
        return parts.store().tier(pool.pageBytes(), entryPages.waits().reason().orElse(null));
    }

    @Override
    public void endWaits() {
        entryPages.waits().end();
    }

    @Override
    public boolean isEnding() {
        return entryPages.waits().isEnded();
    }

    /** For engines without threads. */
    public HotTier hotTier() {
        return hotTier;
    }

    @Override
    public void listen(Consumer<Change> listener) {
        interpreter.listen(listener);
    }

    @Override
    public State state() {
        return readers.published().state();
    }

    @Override
    public long durableLsn() {
        // An entry in flight may be synced by another thread before it is complete.
        return Math.min(parts.wal().syncedLsn(), position.applied());
    }

    /** As specified; an engine without threads syncs before it returns. */
    @Override
    public CompletableFuture<Long> requestSync() {
        return syncer.request();
    }

    /**
     * Returns when the entry, which is applied, and all before it are durable; syncs in the caller's thread. An engine that
     * is closed meanwhile makes it durable; {@code OUTCOME_UNKNOWN} when it was given up.
     */
    public void syncThrough(long lsn) {
        if (durableLsn() >= lsn || orFail("WAL sync", () -> syncer.syncThrough(lsn))) {
            return;
        }
        if (gate.hasFailed()) {
            gate.requireOpen();
        }
        throw new TidemarkException(
                ErrorKind.OUTCOME_UNKNOWN,
                "the engine was given up before LSN " + lsn + " was durable; open it again and read");
    }

    /**
     * Returns when the entries applied so far survive the end of this process; the loss of power they need not. While the
     * engine is closed as {@link #syncThrough}.
     */
    public void writeOut() {
        if (!orFail("WAL write", syncer::writeOut)) {
            syncThrough(position.applied());
        }
    }

    @Override
    public long checkpoint() {
        gate.requireOpen();
        return orFail("checkpoint", flusher::checkpoint);
    }

    /** One step of the cleaner: writes a batch of the oldest dirty pages. For engines without threads. */
    public CheckpointRecord flushStep() {
        gate.requireOpen();
        return orFail("flush", flusher::flush);
    }

    private <T> T orFail(String what, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            throw wasTurnedAway(e) ? (TidemarkException) e : gate.fail(what, e);
        }
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        return get(Command.NO_TRANSACTION, keyspace, key);
    }

    @Override
    public int getInto(String keyspace, byte[] key, ByteBuffer target) {
        return Catalog.isSystem(keyspace) ? ABSENT : readers.getInto(keyspace, key, target);
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return scan(Command.NO_TRANSACTION, keyspace, from, to, limitRows, limitBytes);
    }

    @Override
    public Optional<Row> get(long transaction, String keyspace, byte[] key) {
        return Catalog.isSystem(keyspace)
                ? Optional.empty()
                : readers.read(
                        place -> Optional.ofNullable(place.as(transaction).get(keyspace, key)));
    }

    @Override
    public Scan scan(long transaction, String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return Catalog.isSystem(keyspace)
                ? new Scan(List.of(), null, position.applied())
                : readers.read(
                        place -> ScanPiece.read(place.as(transaction), keyspace, from, to, limitRows, limitBytes));
    }

    @Override
    public Optional<Row> read(String keyspace, byte[] key, long lsn) {
        return held.read(keyspace, key, lsn, position.applied(), this::snapshot);
    }

    @Override
    public void updateLowWaterMark(long lsn) {
        lowWater.moveTo(lsn, highWaterMark());
    }

    @Override
    public long lowWaterMark() {
        return lowWater.mark(highWaterMark());
    }

    /** The transaction that holds the key, 0 for none. For the applying thread, between entries. */
    public long holder(String keyspace, byte[] key) {
        return interpreter.holder(keyspace, key);
    }

    @Override
    public TransactionView transactions() {
        return readers.published().transactions();
    }

    @Override
    public OptionalLong sessionUsedMillis() {
        return readers.published().sessionUsedMillis();
    }

    @Override
    public Optional<Operation> work() {
        return transactions().work(EntryCost.sliceRows(maxEntryPages));
    }

    @Override
    public Snapshot snapshot() {
        return OpenSnapshot.open(readers, pool, held);
    }

    @Override
    public PageCut cut(long base, DiskFile scratch) {
        return OpenPageCut.open(readers, pool, parts.store(), base, scratch);
    }

    /** The store page by page. */
    public Inspection inspection() {
        return inspection;
    }

    @Override
    public List<String> keyspaces() {
        return readers.read(place -> place.boundary().catalog().keyspaces());
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return parts.wal().chainAt(lsn);
    }

    @Override
    public Optional<ContentsDigest> contentsAt(long lsn) {
        return contents.at(lsn);
    }

    @Override
    public ContentsDigest contents() {
        try (Snapshot snapshot = snapshot()) {
            return snapshot.contents();
        }
    }

    @Override
    public void close() {
        endWaits();
        if (!shut()) {
            return;
        }
        if (gate.hasFailed() || torn) {
            release();
            return;
        }
        cleaner.close();
        readAhead.close();
        syncer.close();
        orFail("close", flusher::checkpoint);
        flusher.close();
        parts.wal().closeCleanly();
        parts.store().close();
    }

    /** Gives up everything as a crash would: nothing is synced or flushed. */
    public void abandon() {
        endWaits();
        if (shut()) {
            release();
        }
    }

    /** Nobody is let in any more before the cleaner is told to end: it may be about to look at the trees (rule CT1). */
    private void cleanerEnded(Throwable cause) {
        if (!wasTurnedAway(cause)) {
            gate.fail("cleaner", cause);
        }
    }

    private boolean wasTurnedAway(Throwable cause) {
        return gate.isClosed() && cause instanceof TidemarkException e && e.kind() == ErrorKind.UNAVAILABLE;
    }

    /** Lets nobody in any more and waits until all have left; false when that was so already. */
    private boolean shut() {
        entryBoundary.lock();
        try {
            boolean wasOpen = gate.close();
            readers.awaitNobody();
            return wasOpen;
        } finally {
            entryBoundary.unlock();
        }
    }

    private void release() {
        cleaner.close();
        readAhead.close();
        syncer.abandon();
        flusher.close();
        parts.wal().close();
        parts.store().close();
    }
}
