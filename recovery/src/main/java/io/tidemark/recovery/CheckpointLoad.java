package io.tidemark.recovery;

import io.tidemark.engine.ColdSeed;
import io.tidemark.engine.StoreSeed;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageTable.Row;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.HistoryReader.Located;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PageFetches;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.pack.PageRange;
import io.tidemark.shipper.pack.PartRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a store from the newest checkpoint at or below an LSN. Where the place can fetch pages later it gets rows alone, from
 * the directory: some 15 bytes of S3 for each page of the store (rule CT5). Elsewhere it gets all pages, by ranges, several at
 * a time. Memory: the pages, or places, of a few parts of the directory. Where that is not possible (none was made, or its
 * objects are damaged) the store stays as it is, for all segments are kept, and lead there too.
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
            Optional<Located> found = reader.locate(history, lsn);
            if (found.isEmpty() || found.get().directory().root().pageIds() == 0) {
                return -1;
            }
            PageDirectory directory = found.get().directory();
            DirectoryRoot root = directory.root();
            StoreSeed.State state =
                    new StoreSeed.State(root.lsn(), root.term(), root.redoChain(), root.pageBytes(), root.pageIds());
            Optional<ColdSeed> cold = place.coldSeed(state, found.get().checkpoint());
            if (cold.isPresent()) {
                try (ColdSeed rows = cold.get()) {
                    withThreads(threads -> add(directory, rows, threads));
                    rows.finish();
                }
                LOG.info(
                        "history {}: begins at the checkpoint at LSN {}, {} pages",
                        history,
                        root.lsn(),
                        root.pageIds());
                return root.lsn();
            }
            Optional<StoreSeed> seed = place.seed(state);
            if (seed.isEmpty()) {
                return -1;
            }
            try (StoreSeed pages = seed.get()) {
                withThreads(threads -> add(directory, pages, threads));
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

    private static void withThreads(Consumer<ExecutorService> work) {
        ExecutorService threads = Executors.newFixedThreadPool(REQUESTS, task -> {
            Thread thread = new Thread(task, "page-fetch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            work.accept(threads);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void add(PageDirectory directory, StoreSeed seed, ExecutorService threads) {
        for (int first = 0; first < directory.parts(); first += PARTS) {
            seed.add(pages(directory, first, threads));
        }
    }

    private static void add(PageDirectory directory, ColdSeed seed, ExecutorService threads) {
        List<PartRange> ranges = directory.partRanges();
        for (int first = 0; first < ranges.size(); first += REQUESTS) {
            List<Callable<List<Row>>> reads = new ArrayList<>();
            for (PartRange range : ranges.subList(first, Math.min(first + REQUESTS, ranges.size()))) {
                reads.add(() -> directory.placesOf(range).stream()
                        .map(place -> new Row(place.pageId(), Row.EVICTED, place.pageLsn(), place.crc()))
                        .toList());
            }
            seed.add(PageFetches.all(threads, reads));
        }
    }

    private static List<PageImage> pages(PageDirectory directory, int first, ExecutorService threads) {
        List<Callable<List<PagePlace>>> parts = new ArrayList<>();
        for (int part = first; part < Math.min(first + PARTS, directory.parts()); part++) {
            int index = part;
            parts.add(() -> directory.placesOf(index));
        }
        List<Callable<List<PageImage>>> ranges = new ArrayList<>();
        for (PageRange range : PageRange.over(PageFetches.all(threads, parts))) {
            ranges.add(() -> directory.images(range));
        }
        return PageFetches.all(threads, ranges);
    }
}
