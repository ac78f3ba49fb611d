package io.tidemark.raft.guard;

import io.tidemark.engine.error.Halt;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * Keeps {@link DurableTail} close behind a running log: raised within 100 ms of a sync, and soon after the log goes on
 * in another file; lowered before the log is cut.
 *
 * <p>Ratis says how far it has synced by a number that still counts the old entries after a cut was asked for, until its
 * log's thread has made the cut. From {@link #truncating} on that number is not believed, until the thread has made the
 * cut and begun another sync.
 *
 * <p>Threads: {@link #syncing} and the future of {@link #truncating} on the log's thread, which must not wait for the
 * log's lock; {@link #truncating} under that lock; {@link #look} on the node's own.
 */
public final class TailWatch {
    private static final long BEHIND_MILLIS = 80;

    private final DurableTail tail;
    private final LongSupplier applied;
    private final ScheduledExecutorService executor;
    private final Halt halt;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Object writing = new Object();
    private volatile Log log;
    private volatile long wanted = -1;
    private int cutsAsked;
    private boolean believed = true;
    private long cuts;

    /** What a running log says. */
    public interface Log {
        /** Everything up to here is synced, unless a cut is under way. Waits for nothing. */
        long synced();

        /** The entry's term and index; null when the log does not have it. May wait for the log's lock. */
        TermIndex at(long index);
    }

    /** @param applied LSN of the engine's last entry */
    public TailWatch(DurableTail tail, LongSupplier applied, ScheduledExecutorService executor, Halt halt) {
        this.tail = tail;
        this.applied = applied;
        this.executor = executor;
        this.halt = halt;
    }

    /** The log runs, and what it holds is synced. */
    public void attach(Log running) {
        log = running;
        look();
    }

    /** The log runs no longer; what it says from now on is ignored. */
    public void detach() {
        log = null;
    }

    /**
     * The log is about to be synced up to {@code index}.
     *
     * @param rolled it goes on in another file: the one before is recorded at once
     */
    public void syncing(long index, boolean rolled) {
        synchronized (this) {
            believed = cutsAsked == 0;
        }
        wanted = index;
        if (rolled) {
            schedule(0);
        }
        if (scheduled.compareAndSet(false, true)) {
            schedule(BEHIND_MILLIS);
        }
    }

    private void schedule(long millis) {
        try {
            executor.schedule(
                    () -> {
                        scheduled.set(false);
                        look();
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            scheduled.set(false); // the node is being closed, which looks for itself
        }
    }

    /**
     * The log is about to be cut.
     *
     * @param first first entry to go
     * @param before term and index of the one before it, null when the log does not have it
     * @return what the log's thread gets after it has made the cut
     */
    public CompletableFuture<Void> truncating(long first, TermIndex before) {
        synchronized (writing) {
            cutAsked();
            try {
                tail.cutting(before == null ? 0 : before.getTerm(), before == null ? -1 : first - 1);
            } catch (IOException e) {
                throw halt.halt("cannot record that the Raft log is cut before entry " + first, e);
            }
        }
        return new CompletableFuture<>() {
            @Override
            public Void get() {
                cutMade();
                return null;
            }
        };
    }

    private synchronized void cutAsked() {
        cutsAsked++;
        believed = false;
        cuts++;
    }

    private synchronized void cutMade() {
        cutsAsked--;
        wanted = -1;
    }

    /** Records what is synced by now. */
    public void look() {
        Log running = log;
        if (running == null) {
            return;
        }
        long seen;
        synchronized (this) {
            if (!believed) {
                return;
            }
            seen = cuts;
        }
        long engine = applied.getAsLong();
        long synced = running.synced();
        TermIndex entry = synced < 0 ? null : running.at(synced);
        if (entry != null && entry.getIndex() == synced) {
            record(entry, engine > synced, seen);
        }
        if (synced < wanted && scheduled.compareAndSet(false, true)) {
            schedule(BEHIND_MILLIS);
        }
    }

    private void record(TermIndex entry, boolean engineAhead, long seen) {
        synchronized (writing) {
            synchronized (this) {
                if (seen != cuts || log == null) {
                    return;
                }
            }
            try {
                tail.raise(entry.getTerm(), entry.getIndex(), engineAhead);
            } catch (IOException e) {
                throw halt.halt("cannot record that the Raft log is synced up to " + entry, e);
            }
        }
    }
}
