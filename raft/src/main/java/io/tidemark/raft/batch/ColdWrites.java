package io.tidemark.raft.batch;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Has the pages that a write changes on the leader's disk before it is proposed (rule CT1): so the cluster's log holds
 * nothing that its leader could not apply at once, and a write of a page that cannot be had is refused by itself. Writes whose
 * pages are here pass by the others.
 */
public final class ColdWrites implements AutoCloseable {
    /** Writes whose pages are being fetched; each may fetch several at a time. */
    private static final int THREADS = 8;

    private static final long IDLE_SECONDS = 10;

    private final Predicate<List<Command>> atHand;
    private final Consumer<List<Command>> pages;
    private final WriteBatcher batcher;
    private final long waitingBytesMax;
    private final ThreadPoolExecutor fetching;
    private final AtomicLong waitingBytes = new AtomicLong();

    /** Over an engine; see below. */
    public ColdWrites(String name, StorageEngine engine, WriteBatcher batcher, long waitingBytesMax) {
        this(name, engine::isAtHand, engine::fetch, batcher, waitingBytesMax);
    }

    /**
     * Before a batcher.
     *
     * @param atHand see {@link StorageEngine#isAtHand}
     * @param pages see {@link StorageEngine#fetch}
     * @param waitingBytesMax of writes that wait for their pages; more are asked to come again
     */
    ColdWrites(
            String name,
            Predicate<List<Command>> atHand,
            Consumer<List<Command>> pages,
            WriteBatcher batcher,
            long waitingBytesMax) {
        this.atHand = atHand;
        this.pages = pages;
        this.batcher = batcher;
        this.waitingBytesMax = waitingBytesMax;
        this.fetching = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "tidemark-cold-writes-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        fetching.allowCoreThreadTimeOut(true);
    }

    /**
     * As {@link WriteBatcher#submit}; {@code UNAVAILABLE} with {@code COLD_UNAVAILABLE} in its message when a page is in S3
     * alone and S3 does not answer: nothing happened then.
     */
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        try {
            if (batcher.isClosed() || isAtHand(commands)) {
                return batcher.submit(commands);
            }
        } catch (TidemarkException e) {
            return CompletableFuture.failedFuture(e);
        }
        long bytes = commands.stream().mapToLong(EntryCodec::encodedBytes).sum();
        if (waitingBytes.addAndGet(bytes) > waitingBytesMax + bytes) {
            waitingBytes.addAndGet(-bytes);
            return CompletableFuture.failedFuture(new LimitException(
                    waitingBytesMax + " bytes of writes wait for pages from S3: try again in a moment", true));
        }
        CompletableFuture<List<Reply>> done = new CompletableFuture<>();
        try {
            fetching.execute(() -> fetch(commands, bytes, done));
        } catch (RejectedExecutionException e) {
            waitingBytes.addAndGet(-bytes);
            done.completeExceptionally(new TidemarkException(ErrorKind.UNAVAILABLE, "the node is shutting down", e));
        }
        return done;
    }

    private boolean isAtHand(List<Command> commands) {
        commands.forEach(EntryLimits::check);
        return atHand.test(commands);
    }

    private void fetch(List<Command> commands, long bytes, CompletableFuture<List<Reply>> done) {
        try {
            pages.accept(commands);
        } catch (RuntimeException e) {
            waitingBytes.addAndGet(-bytes);
            done.completeExceptionally(e);
            return;
        }
        waitingBytes.addAndGet(-bytes);
        batcher.submit(commands).whenComplete((replies, failure) -> {
            if (failure == null) {
                done.complete(replies);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    /** Writes that wait for their pages are failed by the batcher, or by what they wait for. */
    @Override
    public void close() {
        fetching.shutdown();
    }
}
