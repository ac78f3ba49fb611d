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
    /** Meta page, catalog, state rows, and splits near the roots, which all commands of an entry share. */
    public static final int OVERHEAD_PAGES = 64;

    /** A leaf, its parent and its parent's parent, each split in two. */
    private static final int RECORD_PAGES = 6;

    /** The session's rows, written once per entry: in leaves that lie together. */
    private static final int SESSION_PAGES = 3;

    private EntryCost() {}

    /** Pages of one command beyond the overhead of its entry. */
    public static int pagesFor(Command command, int pageBytes) {
        int session = command.session() == null ? 0 : SESSION_PAGES;
        if (command.operation() instanceof Operation.Put put) {
            boolean overflows = LeafRecord.overflows(pageBytes, put.key().length, put.value().length);
            return session + RECORD_PAGES + 1 + (overflows ? OverflowPage.pages(pageBytes, put.value().length) : 0);
        }
        if (command.operation() instanceof Operation.ObserveContents) {
            return session;
        }
        return session + RECORD_PAGES + 1;
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
