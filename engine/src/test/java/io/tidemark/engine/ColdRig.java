package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.MemoryColdPages;
import io.tidemark.engine.store.SimulatedPageTable;
import io.tidemark.engine.wal.FileWriteAheadLog;
import io.tidemark.engine.wal.WriteAheadLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine whose pages may leave its disk, for a checkpoint of pages in memory. */
final class ColdRig {
    private static final EngineFiles FILES = new EngineFiles(Path.of("/engine"));

    final MemoryColdPages cold = new MemoryColdPages();
    final TreeMap<String, String> model = new TreeMap<>();
    final EngineOptions options;
    SimulatedDisk disk = new SimulatedDisk();
    FilePageStore store;
    Engine engine;

    /** Why the engine halted. */
    final List<String> halts = new CopyOnWriteArrayList<>();

    /** Run by whoever asks the log how far it is synced. */
    volatile Runnable beforeSyncedIsTold = () -> {};

    ColdRig(EngineOptions options) {
        this.options = options;
        open();
    }

    void open() {
        engine = open(cold);
    }

    /** Without anybody to ask for pages. */
    Engine openBlind() {
        return open(ColdPages.NONE);
    }

    private Engine open(ColdPages source) {
        disk.createDirectories(FILES.directory());
        SimulatedPageTable table = new SimulatedPageTable(disk, FILES.table(), Halt.THROW);
        store = new FilePageStore(
                disk, FILES.pages(), new FilePageStore.Options(options.pageBytes(), 8), table, source, Halt.THROW);
        FileWriteAheadLog wal = new FileWriteAheadLog(disk, FILES.wal(), options.walFileBytes(), Halt.THROW);
        return Engine.open(new Engine.Parts(store, watched(wal), new MetricRegistry(), this::halt), options);
    }

    private TidemarkException halt(String what, Throwable cause) {
        halts.add(what);
        return Halt.THROW.halt(what, cause);
    }

    private WriteAheadLog watched(WriteAheadLog wal) {
        return (WriteAheadLog) Proxy.newProxyInstance(
                WriteAheadLog.class.getClassLoader(),
                new Class<?>[] {WriteAheadLog.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("syncedLsn")) {
                        beforeSyncedIsTold.run();
                    }
                    try {
                        return method.invoke(wal, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The power goes; what was not synced is lost, or a part of it. */
    void crash(CrashMode mode, Random random) {
        engine.writeOut();
        engine.abandon();
        disk = disk.crashImage(mode, random);
        open();
    }

    List<Reply> apply(Operation... operations) {
        for (Operation operation : operations) {
            if (operation instanceof Operation.Put put) {
                model.put(EngineRig.text(put.key()), EngineRig.text(put.value()));
            } else if (operation instanceof Operation.Delete delete) {
                model.remove(EngineRig.text(delete.key()));
            }
        }
        return engine.apply(EngineRig.entry(engine.state().applied() + 1, List.of(operations)));
    }

    /** A hundred keys and more, on some pages. */
    void fill(int keys, int valueBytes) {
        for (int i = 0; i < keys; i += 4) {
            Operation[] puts = new Operation[4];
            for (int k = 0; k < 4; k++) {
                puts[k] = EngineRig.put(key(i + k), EngineRig.value(i + k, valueBytes));
            }
            apply(puts);
        }
    }

    static String key(int number) {
        return String.format("key%06d", number);
    }

    /** Ships a checkpoint of the state now, and tells the log so; the entry is not durable yet. */
    void ship() {
        StorageEngine.State state = engine.state();
        try (PageCut cut = engine.cut(state.checkpoint().lsn(), CutPages.scratch())) {
            cut.forEachChanged(cold::add);
        }
        apply(new Operation.AdvanceHighWater(state.shipped() + 1, state.applied(), "segment", 1, new byte[32], 1));
        apply(new Operation.CheckpointShipped(
                state.checkpoint().lsn(), state.applied(), state.term(), state.redoChain(), "root", 1, new byte[32]));
    }

    /** Everything that may leave does. */
    long evictAll() {
        engine.checkpoint();
        long before = store.coldPages();
        for (int i = 0; i < 20; i++) {
            engine.hotTier().evict(Integer.MAX_VALUE);
        }
        return store.coldPages() - before;
    }

    String get(String key) {
        return engine.get(EngineRig.SPACE, EngineRig.bytes(key))
                .map(row -> EngineRig.text(row.value()))
                .orElse(null);
    }

    TreeMap<String, String> rows() {
        TreeMap<String, String> rows = new TreeMap<>();
        engine.scan(EngineRig.SPACE, null, null, Integer.MAX_VALUE, Long.MAX_VALUE)
                .rows()
                .forEach(row -> rows.put(EngineRig.text(row.key()), EngineRig.text(row.value())));
        return rows;
    }
}
