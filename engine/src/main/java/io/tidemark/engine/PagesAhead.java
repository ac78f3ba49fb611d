package io.tidemark.engine;

import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.btree.LeafIds;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.ColdWait;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.OverflowPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Tells which pages commands will need that are not on the local disk, from the inner pages that are, and fetches them
 * (rule CT1). What it does not foresee is fetched when it is met: so it may be wrong, and is for entries that undo or remove
 * much.
 */
final class PagesAhead {
    /** Pages fetched, and brought into frames, at a time. */
    private static final int PIECE = 256;

    /** More rounds than any chain of pages that one entry takes from the free list. */
    private static final int ROUNDS_MAX = 8192;

    /** Pages that a command may take from the free list beside those of its value: for leaves and parents that split. */
    private static final int SPLIT_PAGES = 6;

    private final ReaderSlots readers;
    private final BufferPool pool;
    private final PageStore store;

    PagesAhead(ReaderSlots readers, BufferPool pool, PageStore store) {
        this.readers = readers;
        this.pool = pool;
        this.store = store;
    }

    /**
     * Has the pages of an entry here before it begins, waiting for them as long as it takes; whether there can be no other
     * that is not.
     */
    boolean foresee(Optional<Entry> entry, ColdWait waits) {
        if (entry.isEmpty() || store.coldPages() == 0) {
            return true;
        }
        List<Command> commands = entry.get().commands();
        waits.insist(() -> bring(commands));
        return areForeseen(commands);
    }

    /** Leaves of the system's trees, which never leave. */
    BitSet systemLeaves() {
        return readers.read(place -> LeafIds.ofSystem(
                place.pages, catalogRoot(place), place.boundary().catalog()));
    }

    private static long catalogRoot(ReadPlace place) {
        Frame meta = place.pages.pin(MetaPage.PAGE_ID, Use.POINT);
        try {
            return MetaPage.catalogRoot(meta.page());
        } finally {
            place.pages.unpin(meta);
        }
    }

    /** Whether the commands name every page but those of the free list's far end. */
    private static boolean areForeseen(List<Command> commands) {
        for (Command command : commands) {
            Operation operation = command.operation();
            boolean foreseen = operation instanceof Operation.Put
                    || operation instanceof Operation.Delete
                    || operation instanceof Operation.OpenSession
                    || operation instanceof Operation.AdvanceHighWater
                    || operation instanceof Operation.CheckpointShipped
                    || operation instanceof Operation.ObserveContents;
            if (!foreseen) {
                return false;
            }
        }
        return true;
    }

    /** Pages that have to be fetched, as far as can be told without the first of them; empty when there is none. */
    List<Long> missing(List<Command> commands) {
        return missing(commands, true);
    }

    private List<Long> missing(List<Command> commands, boolean freePagesToo) {
        if (store.coldPages() == 0) {
            return List.of();
        }
        ReadPlace place = readers.enter();
        try {
            Set<Long> missing = new LinkedHashSet<>();
            int fresh = 0;
            for (Command command : commands) {
                fresh += look(place, command, missing);
            }
            if (freePagesToo) {
                lookAtFreePages(place, fresh, missing);
            }
            return List.copyOf(missing);
        } finally {
            readers.exit(place);
        }
    }

    /**
     * Has the pages that the commands lead to on the local disk, but for those of the free list, which can only be told one by
     * one: many entries then come with a flush for all of them, not with one each. Throws what fetching throws.
     */
    void bringToDisk(List<Command> commands) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<Long> missing = missing(commands, false);
            if (missing.isEmpty()) {
                return;
            }
            for (int from = 0; from < missing.size(); from += PIECE) {
                admit(missing.subList(from, Math.min(missing.size(), from + PIECE)));
            }
        }
    }

    private void admit(List<Long> pageIds) {
        if (pageIds.size() > 1) {
            store.fetchAll(pageIds);
        }
        List<PageImage> images = new ArrayList<>(pageIds.size());
        for (long pageId : pageIds) {
            ByteBuffer page = ByteBuffer.allocate(pool.pageBytes());
            if (readCold(pageId, page)) {
                images.add(new PageImage(pageId, PageHeader.lsn(page), PageHeader.storedCrc(page), page));
            }
        }
        ReadPlace place = readers.enter(); // so that the store is not closed meanwhile
        try {
            store.admit(images);
        } finally {
            readers.exit(place);
        }
    }

    private ReadPlace left(ReadPlace place) {
        readers.exit(place);
        return null;
    }

    /** False when the page is here by now. */
    private boolean readCold(long pageId, ByteBuffer page) {
        while (true) {
            ReadPlace place = readers.enter();
            try {
                if (!store.isCold(pageId)) {
                    return false;
                }
                store.read(pageId, page.clear());
                page.flip();
                return true;
            } catch (ColdPageException e) {
                place = left(place); // it went with the oldest images before it was taken, or is wanted by itself
                store.fetch(pageId);
            } finally {
                if (place != null) {
                    readers.exit(place);
                }
            }
        }
    }

    /** Fetches what is missing until nothing is; false when it gave up. Throws what fetching throws. */
    boolean bring(List<Command> commands) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<Long> missing = missing(commands);
            if (missing.isEmpty()) {
                return true;
            }
            for (int from = 0; from < missing.size(); from += PIECE) {
                List<Long> piece = missing.subList(from, Math.min(missing.size(), from + PIECE));
                if (piece.size() == 1) {
                    store.fetch(piece.get(0));
                } else {
                    store.fetchAll(piece);
                }
                piece.forEach(this::intoFrame);
            }
        }
        return false;
    }

    private void intoFrame(long pageId) {
        ReadPlace place = readers.enter(); // so that the store is not closed meanwhile
        try {
            pool.bring(pageId, Use.POINT);
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            // It went with the oldest images before it was taken, or no frame was free: the next round sees to it.
        } finally {
            readers.exit(place);
        }
    }

    /** Notes what the command misses; pages that it takes from the free list at most. */
    private int look(ReadPlace place, Command command, Set<Long> missing) {
        Operation operation = command.operation();
        if (operation instanceof Operation.Put put) {
            leaf(place, put.keyspace(), put.key(), missing, beside -> {});
            int pageBytes = pool.pageBytes();
            boolean overflows = LeafRecord.overflows(pageBytes, put.key().length, put.value().length);
            return SPLIT_PAGES + (overflows ? OverflowPage.pages(pageBytes, put.value().length) : 0);
        } else if (operation instanceof Operation.Delete delete) {
            leaf(place, delete.keyspace(), delete.key(), missing, beside -> note(beside, missing));
        } else if (operation instanceof Operation.DeleteRange range) {
            leaves(place, range, missing);
        }
        return SPLIT_PAGES;
    }

    /** The leaf of a key and, when it is here, the end of the large value that may go away. */
    private void leaf(ReadPlace place, String keyspace, byte[] key, Set<Long> missing, LongConsumer beside) {
        long root = Catalog.isSystem(keyspace) ? PageHeader.NO_PAGE : place.root(keyspace);
        if (root == PageHeader.NO_PAGE) {
            return;
        }
        try {
            long leaf = LeafIds.of(place.pages, root, key, beside);
            if (!note(leaf, missing)) {
                value(place, leaf, key, missing);
            }
        } catch (ColdPageException e) {
            missing.add(e.pageId());
        }
    }

    private void value(ReadPlace place, long leaf, byte[] key, Set<Long> missing) {
        Frame frame = place.pages.pin(leaf, Use.POINT);
        try {
            int slot = PageHeader.type(frame.page()) == PageType.LEAF ? Keys.find(frame.page(), key) : -1;
            if (slot >= 0 && LeafRecord.isOverflow(frame.page(), slot)) {
                note(LeafRecord.reference(frame.page(), slot).lastPage(), missing);
            }
        } finally {
            place.pages.unpin(frame);
        }
    }

    private void leaves(ReadPlace place, Operation.DeleteRange range, Set<Long> missing) {
        long root = Catalog.isSystem(range.keyspace()) ? PageHeader.NO_PAGE : place.root(range.keyspace());
        if (root == PageHeader.NO_PAGE) {
            return;
        }
        List<Long> leaves = new ArrayList<>();
        try {
            LeafIds.from(place.pages, root, range.from(), range.maxPages(), leaves::add);
        } catch (ColdPageException e) {
            missing.add(e.pageId());
        }
        leaves.forEach(leaf -> note(leaf, missing));
    }

    /** The free list runs through the pages themselves, so it is looked at as far as it is here, and one page further. */
    private void lookAtFreePages(ReadPlace place, int fresh, Set<Long> missing) {
        if (place.boundary().pageIds() == 0) {
            return;
        }
        try {
            Frame meta = place.pages.pin(MetaPage.PAGE_ID, Use.POINT);
            long free = MetaPage.freeHead(meta.page());
            place.pages.unpin(meta);
            for (int i = 0; i < fresh && free != PageHeader.NO_PAGE; i++) {
                Frame frame = place.pages.pin(free, Use.POINT);
                free = PageHeader.next(frame.page());
                place.pages.unpin(frame);
            }
        } catch (ColdPageException e) {
            missing.add(e.pageId());
        }
    }

    private boolean note(long pageId, Set<Long> missing) {
        boolean isMissing = store.isCold(pageId) && !pool.hasFrame(pageId);
        if (isMissing) {
            missing.add(pageId);
        }
        return isMissing;
    }
}
