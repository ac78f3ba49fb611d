package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.pack.PageFetches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Applies entries in order, while the pages that those behind them will change are fetched on another thread, those of many
 * entries side by side (rule CT5). An engine that has all its pages gets each entry at once. Memory: two pieces of the log.
 * Used by one thread.
 */
final class EntriesAhead implements AutoCloseable {
    private static final int ENTRIES_MAX = 512;
    private static final long BYTES_MAX = 4 << 20;

    private final StorageEngine engine;
    private final boolean needed;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread fetcher = new Thread(work, "pages-ahead");
        fetcher.setDaemon(true);
        return fetcher;
    });

    /** Those that come after {@link #next}. */
    private List<LogEntry> coming = new ArrayList<>();

    private long comingBytes;

    /** Those whose pages are on their way. */
    private List<LogEntry> next = List.of();

    private Future<?> pages;

    EntriesAhead(StorageEngine engine) {
        this.engine = engine;
        this.needed = engine.tier().coldPages() > 0;
    }

    /** Applies the entry, now or later. Throws what fetching throws: then the engine is at a complete entry before it. */
    void apply(LogEntry entry) {
        if (!needed) {
            engine.apply(entry);
            return;
        }
        coming.add(entry);
        comingBytes += entry.payload().length;
        if (coming.size() == ENTRIES_MAX || comingBytes >= BYTES_MAX) {
            move();
        }
    }

    /** All that were given are applied when this returns. */
    void finish() {
        move();
        move();
    }

    private void move() {
        await();
        List<LogEntry> ready = next;
        next = coming;
        coming = new ArrayList<>();
        comingBytes = 0;
        List<Command> commands = commandsOf(next);
        if (!commands.isEmpty()) {
            pages = thread.submit(() -> engine.bringToDisk(commands));
        }
        ready.forEach(engine::apply);
    }

    private static List<Command> commandsOf(List<LogEntry> entries) {
        List<Command> commands = new ArrayList<>();
        for (LogEntry entry : entries) {
            if (entry.kind() == EntryKind.COMMANDS) {
                commands.addAll(EntryCodec.decode(entry.payload()).commands());
            }
        }
        return commands;
    }

    private void await() {
        if (pages == null) {
            return;
        }
        PageFetches.await(pages);
        pages = null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
