package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.Bandwidth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has an engine that began with its pages in S3 get them while it is at work (rule CT5), on a thread of its own, until all are
 * here or there is no room for more. Waits while S3 is away; what is damaged there is named, left, and tried again.
 */
public final class BackgroundFill implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundFill.class);
    private static final long AGAIN_MILLIS = 1_000;

    private final StorageEngine engine;
    private final Bandwidth bandwidth;
    private final long stepBytes;
    private final Pace pace;
    private final Thread thread;
    private volatile boolean closed;
    private boolean resting;
    private String said = "";

    /**
     * Begins, if there is anything to be done.
     *
     * @param engine closed after this
     * @param bytesPerSecond page bytes, before compression, that come on average at most; 0 for no limit
     */
    public BackgroundFill(StorageEngine engine, long bytesPerSecond, Pace pace) {
        this.engine = engine;
        this.bandwidth = new Bandwidth(pace, bytesPerSecond);
        this.stepBytes = bytesPerSecond == 0 ? Long.MAX_VALUE : bytesPerSecond / 2;
        this.pace = pace;
        this.thread = new Thread(this::run, "page-fill");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long came = 0;
        while (!closed) {
            try {
                long bytes = engine.fill(stepBytes);
                if (bytes == 0) {
                    break;
                }
                came += bytes;
                rest(() -> bandwidth.acquire(bytes));
            } catch (TidemarkException e) {
                if (closed || e.kind() == ErrorKind.FATAL) {
                    return; // whoever owns the engine has heard of it
                }
                say(e);
                rest(() -> pace.pause(AGAIN_MILLIS));
            }
        }
        if (came > 0) {
            LOG.info(
                    "{} MiB of pages came from S3; {} pages are there alone",
                    came >> 20,
                    engine.tier().coldPages());
        }
    }

    /** Ended early by {@link #close}, which interrupts nothing else: that would close the files that are written. */
    private void rest(Runnable pause) {
        synchronized (this) {
            if (closed) {
                return;
            }
            resting = true;
        }
        pause.run();
        synchronized (this) {
            resting = false;
            boolean wasEnded = Thread.interrupted();
            closed |= wasEnded;
        }
    }

    private void say(TidemarkException why) {
        if (!why.getMessage().equals(said)) {
            said = why.getMessage();
            LOG.warn("{} pages have yet to come from S3: {}", engine.tier().coldPages(), said);
        }
    }

    /** Returns when nothing is left to be done. */
    void await() throws InterruptedException {
        thread.join();
    }

    /** Ends the thread after the step it is in. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (resting) {
                thread.interrupt();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
