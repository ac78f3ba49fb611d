package io.tidemark.engine;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.OverflowPage;

/**
 * How many pages an entry may change at most, known before it is proposed (rule E2). Whoever joins commands into an entry
 * keeps {@link #OVERHEAD_PAGES} plus the sum over its commands at or below the store's max-entry-pages; an entry above it
 * could halt every node.
 */
public final class EntryCost {
    /** Meta page, catalog, state rows, and inner pages near the roots, which the commands of an entry share. */
    public static final int OVERHEAD_PAGES = 128;

    /** A leaf, its parent and its parent's parent, each split in two. */
    private static final int RECORD_PAGES = 6;

    /** The last page of a large value that goes away. */
    private static final int FREED_PAGES = 1;

    /** The leaves of a session's header and of the few rows it drops, and the leaf of its new row, split in two. */
    private static final int SESSION_PAGES = 4;

    /** All rows of one session, at the default page size and leaves half full. */
    private static final int WHOLE_SESSION_PAGES = 16;

    /** Sessions that one command ends at most. */
    private static final int EXPIRED_SESSIONS = 64;

    private EntryCost() {}

    /** Pages of one command beyond the overhead of its entry. */
    public static int pagesFor(Command command, int pageBytes) {
        return pagesFor(command.operation(), pageBytes) + (command.session() == null ? 0 : SESSION_PAGES);
    }

    private static int pagesFor(Operation operation, int pageBytes) {
        if (operation instanceof Operation.Put put) {
            boolean overflows = LeafRecord.overflows(pageBytes, put.key().length, put.value().length);
            return RECORD_PAGES + FREED_PAGES + (overflows ? OverflowPage.pages(pageBytes, put.value().length) : 0);
        } else if (operation instanceof Operation.ExpireSessions) {
            return EXPIRED_SESSIONS * WHOLE_SESSION_PAGES;
        } else if (operation instanceof Operation.OpenSession) {
            return SESSION_PAGES + WHOLE_SESSION_PAGES; // one too many drops the one idle longest
        } else if (operation instanceof Operation.ObserveContents) {
            return 0;
        }
        return RECORD_PAGES + FREED_PAGES;
    }

    /** Pages of a whole entry. */
    public static int pagesFor(Entry entry, int pageBytes) {
        long pages = OVERHEAD_PAGES;
        for (Command command : entry.commands()) {
            pages += pagesFor(command, pageBytes);
        }
        return (int) Math.min(Integer.MAX_VALUE, pages);
    }
}
