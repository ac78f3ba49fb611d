package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import java.util.List;

/**
 * Where pages are that have left the local disk: a checkpoint of pages outside of it (rules P1, P2). Whoever asks checks
 * what it gets by id, LSN and CRC. Blocking; any thread.
 *
 * <p>All calls: {@code UNAVAILABLE} when it cannot be asked now, {@code CORRUPT} when it does not have what its directory says,
 * {@code NOT_FOUND} when it no longer has to: the checkpoint was given up (rule CT6), and this store comes too late.
 */
public interface ColdPages {
    /** No such place: pages stay where they are. */
    ColdPages NONE = new ColdPages() {
        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public List<PageImage> fetch(Checkpoint at, List<PageTable.Row> rows) {
            throw new ColdPageException(rows.get(0).pageId(), "this engine knows no place to fetch it from", null);
        }

        @Override
        public List<PageImage> fetchWith(Checkpoint at, PageTable.Row row, List<PageTable.Row> beside) {
            return fetch(at, List.of(row));
        }

        @Override
        public List<PageTable.Row> listed(Checkpoint at, List<PageTable.Row> rows) {
            return List.of();
        }
    };

    /**
     * Whether an entry that needs a page waits for it as long as it takes. Else it fails, and its engine with it: for a store
     * that is made anew then.
     */
    default boolean isAwaited() {
        return true;
    }

    /** The images of all these rows, several at a time, in any order. */
    List<PageImage> fetch(Checkpoint at, List<PageTable.Row> rows);

    /** The image of the row, with those of the rows beside it that come by the same read. */
    List<PageImage> fetchWith(Checkpoint at, PageTable.Row row, List<PageTable.Row> beside);

    /** Those rows that the checkpoint's directory lists with exactly their LSN and CRC. */
    List<PageTable.Row> listed(Checkpoint at, List<PageTable.Row> rows);
}
