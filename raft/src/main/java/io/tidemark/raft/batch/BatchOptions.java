package io.tidemark.raft.batch;

import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.EntryCost;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Entry;

/**
 * How waiting writes are joined into entries.
 *
 * @param entryBytes an entry is closed when it has reached this; a single larger command travels alone; default 1 MiB
 * @param entryPages pages that an entry may change: the store's {@code maxEntryPages} (rule E2)
 * @param pageBytes the store's page size
 * @param entriesInFlight entries proposed and not yet applied; more of them means smaller ones; default 4
 * @param bytesInFlight their bytes, one entry excepted; bounds what Ratis holds in memory; default 24 MiB
 * @param queuedBytes writes waiting to be proposed; more are refused for now; default 48 MiB
 * @param lingerMillis wait for company past the soft limit; default 20
 */
public record BatchOptions(
        int entryBytes,
        int entryPages,
        int pageBytes,
        int entriesInFlight,
        int bytesInFlight,
        int queuedBytes,
        int lingerMillis) {

    /** Defaults over a store of these options. */
    public static BatchOptions over(EngineOptions store) {
        return new BatchOptions(1 << 20, store.maxEntryPages(), store.pageBytes(), 4, 24 << 20, 48 << 20, 20);
    }

    /** Throws {@code INVALID} for an entry that might change more pages than the store allows (rule E2). */
    public void checkPages(Entry entry) {
        int pages = EntryCost.pagesFor(entry, pageBytes);
        if (pages > entryPages) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "an entry changes at most " + entryPages + " pages of " + pageBytes + " bytes; this one may change "
                            + pages);
        }
    }

    public BatchOptions {
        if (entryBytes < 1
                || entryPages < 1
                || pageBytes < 1
                || entriesInFlight < 1
                || bytesInFlight < entryBytes
                || queuedBytes < entryBytes
                || lingerMillis < 0) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "batch options want entryBytes, entryPages, pageBytes and entriesInFlight of at least 1, bytesInFlight"
                            + " and queuedBytes of at least entryBytes, not entryBytes " + entryBytes + ", entryPages "
                            + entryPages + ", pageBytes " + pageBytes + ", entriesInFlight " + entriesInFlight
                            + ", bytesInFlight " + bytesInFlight + ", queuedBytes " + queuedBytes + ", lingerMillis "
                            + lingerMillis);
        }
    }
}
