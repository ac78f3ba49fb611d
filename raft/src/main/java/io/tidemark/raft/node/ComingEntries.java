package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the pages of entries that others have appended to this node's log and that are not applied yet (rule CT1), several
 * entries at a time. Applying alone would fetch for one entry after another, and a node that follows would fall behind the one
 * that leads, which fetches for several writes at once before it proposes them.
 *
 * <p>A help only: what does not come this way is fetched by applying, which waits for it and says so. Thread-safe.
 */
final class ComingEntries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComingEntries.class);

    /** Entries whose pages are fetched at a time; each may fetch several. */
    static final int THREADS = 8;

    /** Entries behind the one applied; what came for later ones might be gone again when they are applied. */
    static final int AHEAD_MAX = 64;

    private static final long IDLE_SECONDS = 10;

    private final StorageEngine engine;
    private final LongFunction<List<Command>> log;
    private final ThreadPoolExecutor fetching;
    private long next;
    private long last = -1;
    private volatile boolean closed;

    /** @param log commands of an entry; empty when it has none or is not to be had */
    ComingEntries(String name, StorageEngine engine, LongFunction<List<Command>> log) {
        this.engine = engine;
        this.log = log;
        this.fetching = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "tidemark-coming-entries-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        fetching.allowCoreThreadTimeOut(true);
    }

    /** The log ends with this entry of another node's; returns at once. */
    synchronized void appended(long lsn) {
        last = lsn;
        next = Math.min(next, lsn);
        goOn();
    }

    /** The engine has applied an entry; returns at once. */
    synchronized void applied() {
        goOn();
    }

    private void goOn() {
        if (next > last || closed) {
            return;
        }
        if (engine.tier().coldPages() == 0) {
            next = last + 1;
            return;
        }
        long applied = engine.state().applied();
        next = Math.max(next, applied + 1);
        while (next <= Math.min(last, applied + AHEAD_MAX)) {
            long lsn = next++;
            fetching.execute(() -> fetch(lsn));
        }
    }

    private void fetch(long lsn) {
        if (closed || lsn <= engine.state().applied()) {
            return;
        }
        try {
            List<Command> commands = log.apply(lsn);
            if (!commands.isEmpty()) {
                engine.fetch(commands);
            }
        } catch (TidemarkException e) {
            LOG.debug("the pages of entry {} do not come before it: {}", lsn, e.getMessage());
        }
    }

    /** Nothing is fetched any more but what is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        fetching.shutdown();
    }
}
