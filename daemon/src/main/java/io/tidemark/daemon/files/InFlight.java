package io.tidemark.daemon.files;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/** Writes that are on their way. The first failure stops the load; it is told with what had been stored by then. */
final class InFlight {
    private static final int COUNT_MAX = 4096;

    private final Writes writes;
    private final LoadProgress progress;
    private final Semaphore room = new Semaphore(COUNT_MAX);
    private long ofCount = -1;
    private long ofBytes = -1;
    private long stored;
    private long bytes;
    private long lastLsn = -1;
    private String failedAt;
    private Throwable failure;

    InFlight(Writes writes, LoadProgress progress) {
        this.writes = writes;
        this.progress = progress;
    }

    void expect(long count, long size) {
        ofCount = count;
        ofBytes = size;
    }

    /** Gives the record to the writer, waiting while too many are on their way; throws when one has failed. */
    void put(String where, byte[] key, byte[] value) {
        throwIfFailed();
        room.acquireUninterruptibly();
        submit(key, value).whenComplete((lsn, error) -> {
            done(where, value.length, lsn, error);
            room.release();
        });
        progress.at(stored(), bytes(), ofCount, ofBytes);
    }

    private CompletableFuture<Long> submit(byte[] key, byte[] value) {
        try {
            return writes.put(key, value);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A record that could not even be read. */
    void fail(String where, Throwable error) {
        done(where, 0, null, error);
        throwIfFailed();
    }

    /** Waits for all; throws when one has failed. */
    void finish() {
        settle();
        throwIfFailed();
    }

    /** Waits until nothing is on its way, so that what is said to be stored is all of it. */
    private void settle() {
        room.acquireUninterruptibly(COUNT_MAX);
        room.release(COUNT_MAX);
    }

    private synchronized boolean failed() {
        return failure != null;
    }

    private synchronized void done(String where, long size, Long lsn, Throwable error) {
        if (error == null) {
            stored++;
            bytes += size;
            lastLsn = Math.max(lastLsn, lsn);
        } else if (failure == null) {
            failedAt = where;
            failure = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        }
    }

    private void throwIfFailed() {
        if (!failed()) {
            return;
        }
        settle();
        String where;
        Throwable why;
        long before;
        synchronized (this) {
            where = failedAt;
            why = failure;
            before = stored;
        }
        ErrorKind kind = why instanceof TidemarkException known ? known.kind() : ErrorKind.UNAVAILABLE;
        throw new TidemarkException(
                kind,
                where + " could not be stored: " + why.getMessage() + ". " + before + " records are stored; loading"
                        + " again stores the rest, and the same once more, which does no harm.",
                why);
    }

    synchronized long stored() {
        return stored;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long lastLsn() {
        return lastLsn;
    }
}
