package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a request's body as it arrives, into memory set aside for it first: until then nothing is read and the sender is
 * held back. No thread waits. What was set aside is given back when the request is over.
 */
final class BodyReader implements Runnable {
    private static final int FIRST_BYTES = 8 << 10;
    /** A longer body is still read to its end, and dropped: an answer in the middle of it is often never seen. */
    private static final long DROPPED_BYTES_MAX = 64L << 20;

    private static final byte[] EMPTY = {};

    private final Request request;
    private final MemoryBudget budget;
    private final int bytesMax;
    private final boolean lengthKnown;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private byte[] bytes;
    private int length;
    private long reserved;
    private long dropped;
    private boolean over;

    private BodyReader(Request request, MemoryBudget budget, int bytesMax) {
        this.request = request;
        this.budget = budget;
        this.bytesMax = bytesMax;
        this.lengthKnown = request.getLength() >= 0;
    }

    /** The whole body; fails with 413 when it is longer than {@code bytesMax}. */
    static CompletableFuture<byte[]> read(Request request, MemoryBudget budget, int bytesMax) {
        if (request.getLength() == 0) {
            return CompletableFuture.completedFuture(EMPTY);
        }
        BodyReader reader = new BodyReader(request, budget, bytesMax);
        if (request.getLength() > bytesMax) {
            reader.drop();
            return reader.body;
        }
        Request.addCompletionListener(request, failure -> reader.giveBack());
        long first = reader.lengthKnown ? request.getLength() : FIRST_BYTES;
        CompletableFuture<Void> room = budget.acquire(first);
        if (room.isDone() && !room.isCompletedExceptionally()) {
            reader.begin(first);
        } else {
            room.whenComplete((granted, error) -> {
                if (error == null) {
                    reader.begin(first);
                } else {
                    reader.body.completeExceptionally(ErrorAnswer.unwrap(error));
                }
            });
        }
        return reader.body;
    }

    /** Who waits to be told whether to send at all is told at once. */
    private void drop() {
        bytes = EMPTY;
        if (request.getHeaders().contains(HttpHeader.EXPECT) || request.getLength() > DROPPED_BYTES_MAX) {
            body.completeExceptionally(tooLarge());
        } else {
            run();
        }
    }

    private void begin(long first) {
        synchronized (this) {
            if (over) {
                budget.release(first);
                return;
            }
            reserved = first;
            bytes = new byte[(int) first];
        }
        run();
    }

    /** Takes what is there; called again when there is more. */
    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                body.completeExceptionally(new ErrorAnswer.Refusal(
                        400, ErrorKind.INVALID, "the body did not arrive: " + chunk.getFailure()));
                return;
            }
            boolean last = chunk.isLast();
            boolean goesOn = take(chunk.getByteBuffer());
            chunk.release();
            if (!goesOn) {
                return;
            }
            if (last) {
                end();
                return;
            }
        }
    }

    private void end() {
        if (dropped > 0) {
            body.completeExceptionally(tooLarge());
        } else {
            body.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
    }

    private boolean take(ByteBuffer part) {
        int count = part.remaining();
        if (dropped > 0 || request.getLength() > bytesMax || count > bytesMax - length) {
            dropped += Math.max(1, count);
            if (dropped > DROPPED_BYTES_MAX) {
                body.completeExceptionally(tooLarge());
            }
            return dropped <= DROPPED_BYTES_MAX;
        }
        if (count > bytes.length - length && !grow(length + count)) {
            body.completeExceptionally(new ErrorAnswer.Refusal(
                    503,
                    ErrorKind.RETRY,
                    "no room for a longer body now; ask again later, or say Content-Length to wait for room"));
            return false;
        }
        part.get(bytes, length, count);
        length += count;
        return true;
    }

    private synchronized boolean grow(int needed) {
        int size = (int) Math.min(bytesMax, Math.max(needed, bytes.length * 2L));
        if (!budget.tryAcquire(size - bytes.length)) {
            return false;
        }
        reserved += size - bytes.length;
        bytes = Arrays.copyOf(bytes, size);
        return true;
    }

    private void giveBack() {
        long back;
        synchronized (this) {
            back = reserved;
            reserved = 0;
            over = true;
        }
        budget.release(back);
    }

    private ErrorAnswer.Refusal tooLarge() {
        return new ErrorAnswer.Refusal(413, ErrorKind.INVALID, "a body has at most " + bytesMax + " bytes");
    }
}
