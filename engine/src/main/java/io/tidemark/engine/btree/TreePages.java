package io.tidemark.engine.btree;

import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.txn.UndoRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Has pages on the local disk that lead to others, in a store that began elsewhere (rule CT5): level by level from the roots,
 * each level by reads side by side. Looks at stored pages only: an entry that is not flushed yet has brought what it changed
 * (rule CT1). One thread; others may use the store.
 */
public final class TreePages {
    /** Pages in memory at a time: 2 MiB of pages of 8 KiB. */
    private static final int PIECE = 256;

    private final PageStore store;
    private final int pageBytes;
    private final BitSet seen = new BitSet();

    private TreePages(PageStore store, int pageBytes) {
        this.store = store;
        this.pageBytes = pageBytes;
    }

    /**
     * Brings what an engine starts from: page 0, the catalog and the system's trees, with the large values that it reads then.
     * Throws what fetching throws.
     */
    public static void bringSystem(PageStore store, int pageBytes) {
        TreePages pages = new TreePages(store, pageBytes);
        Map<String, Long> roots = pages.catalog();
        pages.bring(rootsOf(roots, name -> Catalog.isSystem(name) && !name.equals(UndoRow.TREE)), true, true);
        pages.bring(rootsOf(roots, name -> name.equals(UndoRow.TREE)), true, false);
    }

    /** Brings the inner pages of all trees, which never leave once they are here (rule CT1). */
    public static void bringInner(PageStore store, int pageBytes) {
        TreePages pages = new TreePages(store, pageBytes);
        pages.bring(pages.catalog().values(), false, false);
    }

    private static Collection<Long> rootsOf(Map<String, Long> roots, Predicate<String> wanted) {
        return roots.entrySet().stream()
                .filter(root -> wanted.test(root.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private Map<String, Long> catalog() {
        ByteBuffer meta = images(List.of(MetaPage.PAGE_ID)).get(0);
        Map<String, Long> roots = new HashMap<>();
        for (ByteBuffer page : bring(List.of(MetaPage.catalogRoot(meta)), true, false)) {
            for (int slot = 0; slot < SlottedPage.count(page); slot++) {
                byte[] root = LeafRecord.value(page, slot);
                roots.put(
                        Catalog.name(Keys.key(page, slot)),
                        ByteBuffer.wrap(root).getLong());
            }
        }
        return roots;
    }

    /** The leaves, as far as they are wanted; small trees, when they are, since all are in memory then. */
    private List<ByteBuffer> bring(Collection<Long> roots, boolean leavesToo, boolean valuesToo) {
        List<ByteBuffer> leaves = new ArrayList<>();
        List<Long> level = List.copyOf(roots);
        while (!level.isEmpty()) {
            LinkedHashSet<Long> next = new LinkedHashSet<>();
            for (int from = 0; from < level.size(); from += PIECE) {
                for (ByteBuffer page : images(level.subList(from, Math.min(level.size(), from + PIECE)))) {
                    PageType type = PageHeader.type(page);
                    if (type == PageType.INNER && (leavesToo || SlottedPage.level(page) > 1)) {
                        addChildren(page, next);
                    } else if (type == PageType.LEAF && leavesToo) {
                        leaves.add(page);
                        addValues(page, valuesToo, next);
                    } else if (type == PageType.OVERFLOW && PageHeader.next(page) != PageHeader.NO_PAGE) {
                        next.add(PageHeader.next(page));
                    }
                }
            }
            level = next.stream().filter(id -> !seen.get(Math.toIntExact(id))).toList();
        }
        return leaves;
    }

    private static void addChildren(ByteBuffer page, Collection<Long> next) {
        for (int index = 0; index <= SlottedPage.count(page); index++) {
            next.add(InnerRecord.child(page, index));
        }
    }

    private static void addValues(ByteBuffer page, boolean wanted, Collection<Long> next) {
        for (int slot = 0; wanted && slot < SlottedPage.count(page); slot++) {
            if (LeafRecord.isOverflow(page, slot)) {
                next.add(LeafRecord.reference(page, slot).firstPage());
            }
        }
    }

    /** The pages, which are on the local disk from then on. */
    private List<ByteBuffer> images(List<Long> pageIds) {
        pageIds.forEach(id -> seen.set(Math.toIntExact(id)));
        List<Long> cold = pageIds.stream().filter(store::isCold).toList();
        if (cold.size() > 1) {
            store.fetchAll(cold);
        }
        List<ByteBuffer> images = new ArrayList<>(pageIds.size());
        List<PageImage> coming = new ArrayList<>(cold.size());
        for (long id : pageIds) {
            ByteBuffer page = read(id);
            images.add(page);
            if (store.isCold(id)) {
                coming.add(new PageImage(id, PageHeader.lsn(page), PageHeader.storedCrc(page), page));
            }
        }
        if (!coming.isEmpty()) {
            store.admit(coming);
        }
        return images;
    }

    private ByteBuffer read(long pageId) {
        ByteBuffer page = ByteBuffer.allocate(pageBytes);
        while (true) {
            try {
                store.read(pageId, page.clear());
                return page.flip();
            } catch (ColdPageException e) {
                store.fetch(pageId);
            }
        }
    }
}
