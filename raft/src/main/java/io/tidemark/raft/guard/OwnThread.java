package io.tidemark.raft.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does file work for threads that others interrupt, on one that nobody does. Ratis ends the rounds of an election by
 * interrupting who asks for votes; a file channel in use by an interrupted thread is closed under it. Thread-safe.
 */
public final class OwnThread implements AutoCloseable {
    private final ExecutorService thread;

    /** @param name of the thread */
    public OwnThread(String name) {
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread own = new Thread(work, name);
            own.setDaemon(true);
            return own;
        });
    }

    /** Returns when the work is done, interrupted or not; the caller stays interrupted. Throws what the work threw. */
    public void run(Runnable work) {
        try {
            CompletableFuture.runAsync(work, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw e;
        }
    }

    /** Takes no more work; what is under way ends. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
