package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings pages into the pool before a scan comes to them, on {@link #THREADS} threads of its own. Only a help: a wish that
 * comes while many wait is dropped, and a page that cannot be read is left for the scan to fail on. Thread-safe.
 */
public final class ReadAhead implements AutoCloseable {
    /** Each pins one frame at a time. */
    public static final int THREADS = 2;

    private static final int WAITING_MAX = 64;

    private final BufferPool pool;
    private final Counter read;
    private final Counter failed;
    private final ArrayDeque<Long> wanted = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /** Its threads begin with {@link #start}. */
    public ReadAhead(BufferPool pool, MetricRegistry metrics) {
        this.pool = pool;
        this.read = metrics.counter("engine.readahead.pages");
        this.failed = metrics.counter("engine.readahead.failed");
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::run, "engine-read-ahead-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void start() {
        pool.readAheadBy(this);
        threads.forEach(Thread::start);
    }

    /** Asks for a page that has no frame; never blocks for long. */
    void want(long pageId) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!closed && wanted.size() < WAITING_MAX) {
                wanted.add(pageId);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (long pageId = next(); pageId != Frame.NONE; pageId = next()) {
            try {
                if (bring(pageId)) {
                    read.inc();
                }
            } catch (TidemarkException e) {
                failed.inc(); // whoever needs the page is told why
            }
        }
    }

    private boolean bring(long pageId) {
        try {
            return pool.bring(pageId, Use.SCAN);
        } catch (ColdPageException e) {
            pool.fetch(pageId);
            return pool.bring(pageId, Use.SCAN);
        }
    }

    private long next() {
        lock.lock();
        try {
            while (wanted.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return closed ? Frame.NONE : wanted.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads, each after the page that it reads. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            for (int round = 0; thread.isAlive(); round++) {
                Backoff.pause(round);
            }
        }
    }
}
