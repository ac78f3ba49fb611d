package io.tidemark.shipper.store;

import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.ObjectStore.Page;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Goes through a listing with one page of it in memory, which is asked for when its first key is. Used by one thread. */
final class Listing implements Iterator<ObjectInfo> {
    private final ObjectStore store;
    private final String prefix;
    private String after;
    private Page page = new Page(List.of(), true);
    private int next;

    Listing(ObjectStore store, String prefix, String startAfter) {
        this.store = store;
        this.prefix = prefix;
        this.after = startAfter;
    }

    @Override
    public boolean hasNext() {
        while (next == page.objects().size() && page.more()) {
            page = store.page(prefix, after);
            after = page.objects().isEmpty() ? after : page.lastKey();
            next = 0;
        }
        return next < page.objects().size();
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no key that starts with " + prefix + " follows " + after);
        }
        return page.objects().get(next++);
    }
}
