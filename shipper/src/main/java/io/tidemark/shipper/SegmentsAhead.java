package io.tidemark.shipper;

import com.codahale.metrics.Counter;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Segments ahead of the shipped mark: sealed in the order of the log, several on their way to S3 at once, and handed out in
 * that order again, each when S3 has it. Full ones go together; one that is cut by its age goes alone, so that what comes
 * meanwhile shares its requests (rule M6).
 *
 * <p>Memory: {@code parallelSegments} times {@code segmentBytes}, and one segment more, which may have twice that or one
 * large entry. Used by one thread; the uploads run on the workers.
 */
final class SegmentsAhead {
    private final ShipperOptions options;
    private final String history;
    private final LogSource log;
    private final Supplier<State> state;
    private final ShippedObjects objects;
    private final Executor workers;
    private final Runnable wake;
    private final Counter underWay;
    private final ArrayDeque<Upload> uploads = new ArrayDeque<>();
    private SegmentSealer sealer;
    private Position before;
    private long next;
    private long heldBytes;

    /**
     * @param workers run the uploads; a rejected one is tried again
     * @param wake told on a worker that an upload has ended
     * @param underWay how many there are, on this node
     */
    SegmentsAhead(
            ShipperOptions options,
            String history,
            LogSource log,
            Supplier<State> state,
            ShippedObjects objects,
            Executor workers,
            Runnable wake,
            Counter underWay) {
        this.options = options;
        this.history = history;
        this.log = log;
        this.state = state;
        this.objects = objects;
        this.workers = workers;
        this.wake = wake;
        this.underWay = underWay;
    }

    /** One segment on its way. */
    private static final class Upload {
        private final SealedSegment sealed;

        /** Null while it waits to be sent, or sent again. */
        private CompletableFuture<Manifest.Segment> sent;

        Upload(SealedSegment sealed) {
            this.sealed = sealed;
        }
    }

    /**
     * A segment that S3 has.
     *
     * @param position what held after its last entry
     */
    record Shipped(Manifest.Segment segment, Position position) {}

    /**
     * Begins anew. What is under way is left to itself: the same committed entries, whoever names them.
     *
     * @param shipped the mark
     * @param at what held there
     */
    void begin(long shipped, Position at) {
        leave();
        sealer = null;
        before = at;
        next = shipped + 1;
    }

    /** Leaves what is under way to itself. */
    void leave() {
        for (Upload upload : uploads) {
            if (upload.sent != null) {
                upload.sent.cancel(false);
            }
        }
        underWay.dec(uploads.size());
        uploads.clear();
        heldBytes = 0;
    }

    boolean isEmpty() {
        return uploads.isEmpty();
    }

    /**
     * Seals what makes a segment, while there is room.
     *
     * @param awaited a checkpoint at this LSN waits for the mark: worth a segment of bookkeeping (rule M3)
     * @return milliseconds until age alone may make one, at most those of a poll
     */
    long seal(long nowMillis, long awaited) {
        while (hasRoom()) {
            if (sealer == null) {
                sealer = new SegmentSealer(options, history, next, before);
            }
            sealer.gather(log, log.lastShippable(), nowMillis);
            boolean isAwaited = next <= awaited && awaited <= sealer.last();
            boolean isDue = sealer.isFull() || uploads.isEmpty() && (isAwaited || sealer.due(nowMillis));
            if (!isDue) {
                return Math.min(options.pollMillis(), Math.max(1, sealer.dueInMillis(nowMillis)));
            }
            seal();
        }
        return options.pollMillis();
    }

    private boolean hasRoom() {
        return uploads.size() < options.parallelSegments()
                && heldBytes < (long) options.parallelSegments() * options.segmentBytes();
    }

    private void seal() {
        OptionalLong chain = log.chainAt(sealer.last());
        if (chain.isEmpty()) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "the redo chain after LSN " + sealer.last() + " is not known on this node; another must lead");
        }
        SealedSegment sealed = sealer.seal(state.get(), chain.getAsLong());
        before = sealed.footer().position();
        next = sealed.name().last() + 1;
        sealer = null;
        uploads.add(new Upload(sealed));
        heldBytes += sealed.bytes().length;
        underWay.inc();
    }

    /** Sends what waits. */
    void send() {
        for (Upload upload : uploads) {
            if (upload.sent == null) {
                upload.sent = CompletableFuture.supplyAsync(() -> objects.putSegment(upload.sealed), workers);
                upload.sent.whenComplete((segment, failure) -> wake.run());
            }
        }
    }

    /**
     * Takes the first off, if S3 has it.
     *
     * @throws TidemarkException why not, when the first one failed, or another while the first is under way; {@link #send}
     *     sends it again
     */
    Optional<Shipped> take() {
        Upload first = uploads.peek();
        if (first == null) {
            return Optional.empty();
        }
        if (first.sent != null && first.sent.isDone() && !first.sent.isCompletedExceptionally()) {
            uploads.remove();
            heldBytes -= first.sealed.bytes().length;
            underWay.dec();
            return Optional.of(
                    new Shipped(first.sent.join(), first.sealed.footer().position()));
        }
        for (Upload upload : uploads) {
            if (upload.sent != null && upload.sent.isCompletedExceptionally()) {
                throw failure(upload);
            }
        }
        return Optional.empty();
    }

    private static RuntimeException failure(Upload upload) {
        CompletableFuture<Manifest.Segment> failed = upload.sent;
        upload.sent = null;
        try {
            failed.join();
            throw new IllegalStateException("an upload that failed is done");
        } catch (CompletionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                return new TidemarkException(known.kind(), known.getMessage(), known);
            }
            return e;
        }
    }
}
