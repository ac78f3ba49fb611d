package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the applying thread comes by a page that is not on the local disk: it waits for it as long as it takes, and says so
 * (rule CT1). What every other node has applied must not fail here; this node lags meanwhile. A page that was given up never
 * comes: then the engine ends. Thread-safe.
 */
public final class ColdWait {
    private static final Logger LOG = LoggerFactory.getLogger(ColdWait.class);
    private static final long AGAIN_MILLIS = 200;

    private final PageStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private volatile boolean begun;
    private volatile boolean ended;
    private volatile String reason;

    ColdWait(PageStore store) {
        this.store = store;
    }

    /** From now on it waits; before, and where there is nobody to ask, what cannot be fetched at once is an error. */
    public void begin() {
        begun = store.awaitsCold();
    }

    /** Whoever waits, now or later, is refused: the engine will be closed. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isEnded() {
        return ended;
    }

    /** Why applying stands still; empty when it does not. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Returns when the page can be read; {@code UNAVAILABLE} after {@link #end}. */
    void fetch(long pageId) {
        insist(() -> store.fetch(pageId));
    }

    /** Takes the step again and again until it succeeds; {@code UNAVAILABLE} after {@link #end}, which giving up is too. */
    public void insist(Runnable step) {
        while (true) {
            try {
                step.run();
                done();
                return;
            } catch (ColdPageException e) {
                if (!begun) {
                    throw e;
                }
                if (e.isGivenUp()) {
                    end();
                    throw e;
                }
                say(e.getMessage());
                pause(e);
            }
        }
    }

    private void say(String why) {
        if (!why.equals(reason)) {
            LOG.warn("applying waits: {}", why);
            reason = why;
        }
    }

    private void done() {
        if (reason != null) {
            reason = null;
            LOG.info("applying goes on");
        }
    }

    private void pause(TidemarkException why) {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS);
            while (!ended && nanos > 0) {
                nanos = ending.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = true;
        } finally {
            lock.unlock();
        }
        if (ended) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the engine ends while " + why.getMessage(), why);
        }
    }
}
