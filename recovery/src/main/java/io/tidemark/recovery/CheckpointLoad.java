package io.tidemark.recovery;

import io.tidemark.engine.StoreSeed;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.pack.PageRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a store from the newest checkpoint at or below an LSN: all its pages, fetched by ranges, several at a time. Memory:
 * the pages of a few parts of the directory. Where that is not possible (none was made, or its objects are damaged) the
 * store stays as it is, for all segments are kept, and lead there too.
 */
public final class CheckpointLoad {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLoad.class);
    private static final int REQUESTS = 8;

    /** Parts of the directory whose pages are in memory together: 32 MiB of pages of 8 KiB. */
    private static final int PARTS = 4;

    private final HistoryReader reader;

    public CheckpointLoad(HistoryReader reader) {
        this.reader = reader;
    }

    /**
     * Fills a new store, if there is a checkpoint for it.
     *
     * @param lsn the checkpoint lies at or below it
     * @return LSN of the store now; -1 when nothing was done
     * @throws TidemarkException {@code UNAVAILABLE} when S3 is away; the place is as empty as before
     */
    public long into(NewStore place, String history, long lsn) {
        try {
            Optional<PageDirectory> found = reader.checkpoint(history, lsn);
            if (found.isEmpty() || found.get().root().pageIds() == 0) {
                return -1;
            }
            DirectoryRoot root = found.get().root();
            StoreSeed.State state =
                    new StoreSeed.State(root.lsn(), root.term(), root.redoChain(), root.pageBytes(), root.pageIds());
            Optional<StoreSeed> seed = place.seed(state);
            if (seed.isEmpty()) {
                return -1;
            }
            try (StoreSeed pages = seed.get()) {
                load(found.get(), pages);
                pages.finish();
            }
            LOG.info("history {}: {} pages of the checkpoint at LSN {} loaded", history, root.pageIds(), root.lsn());
            return root.lsn();
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.CORRUPT && e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            LOG.warn("history {}: its checkpoint is of no use, all segments are replayed: {}", history, e.getMessage());
            return -1;
        }
    }

    private static void load(PageDirectory directory, StoreSeed seed) {
        ExecutorService threads = Executors.newFixedThreadPool(REQUESTS, work -> {
            Thread thread = new Thread(work, "page-fetch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int first = 0; first < directory.parts(); first += PARTS) {
                seed.add(pages(directory, first, threads));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<PageImage> pages(PageDirectory directory, int first, ExecutorService threads) {
        List<Callable<List<PagePlace>>> parts = new ArrayList<>();
        for (int part = first; part < Math.min(first + PARTS, directory.parts()); part++) {
            int index = part;
            parts.add(() -> directory.placesOf(index));
        }
        List<Callable<List<PageImage>>> ranges = new ArrayList<>();
        for (PageRange range : PageRange.over(all(parts, threads))) {
            ranges.add(() -> directory.images(range));
        }
        return all(ranges, threads);
    }

    private static <T> List<T> all(List<Callable<List<T>>> work, ExecutorService threads) {
        List<T> all = new ArrayList<>();
        try {
            for (Future<List<T>> done : threads.invokeAll(work)) {
                all.addAll(done.get());
            }
            return all;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                throw new TidemarkException(known.kind(), known.getMessage(), known);
            }
            throw new IllegalStateException("pages cannot be fetched", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "interrupted while fetching pages", e);
        }
    }
}
