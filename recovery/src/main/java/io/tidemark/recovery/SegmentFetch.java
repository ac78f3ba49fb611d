package io.tidemark.recovery;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.HistoryReader.Piece;
import io.tidemark.shipper.segment.SegmentReader;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fetches segments in order, one ahead of the one in use, on a thread of its own. Used by one thread. */
final class SegmentFetch implements AutoCloseable {
    private final HistoryReader reader;
    private final Iterator<Piece> pieces;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread fetcher = new Thread(work, "segment-fetch");
        fetcher.setDaemon(true);
        return fetcher;
    });
    private Future<SegmentReader> ahead;

    SegmentFetch(HistoryReader reader, List<Piece> pieces) {
        this.reader = reader;
        this.pieces = pieces.iterator();
        fetchAhead();
    }

    private void fetchAhead() {
        Piece piece = pieces.hasNext() ? pieces.next() : null;
        ahead = piece == null ? null : thread.submit(() -> reader.segment(piece));
    }

    /** The next segment, opened and checked; throws what the fetch threw. */
    SegmentReader next() {
        try {
            SegmentReader segment = ahead.get();
            fetchAhead();
            return segment;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                throw new TidemarkException(known.kind(), known.getMessage(), known);
            }
            throw new IllegalStateException("a segment cannot be fetched", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "interrupted while fetching a segment", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
