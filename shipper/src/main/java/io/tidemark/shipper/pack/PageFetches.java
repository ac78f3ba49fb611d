package io.tidemark.shipper.pack;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Waits for pages that threads fetch. What went wrong there is thrown here, with its kind and this thread's stack. */
public final class PageFetches {
    private PageFetches() {}

    /** What all of this finds, in its order; the work is done by these threads. */
    public static <T> List<T> all(ExecutorService threads, List<Callable<List<T>>> work) {
        List<Future<List<T>>> begun;
        try {
            begun = threads.invokeAll(work);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        List<T> all = new ArrayList<>();
        begun.forEach(fetch -> all.addAll(await(fetch)));
        return all;
    }

    /** Waits for one. */
    public static <T> T await(Future<T> fetch) {
        try {
            return fetch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                throw new TidemarkException(known.kind(), known.getMessage(), known);
            }
            throw new IllegalStateException("pages cannot be fetched", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TidemarkException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TidemarkException(ErrorKind.UNAVAILABLE, "interrupted while fetching pages", e);
    }
}
