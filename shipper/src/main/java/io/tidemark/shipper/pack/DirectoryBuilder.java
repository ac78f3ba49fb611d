package io.tidemark.shipper.pack;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pack.DirectoryRoot.PartRef;
import io.tidemark.shipper.pack.PackName.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes the directory of a checkpoint from the one before and the places of what changed. A part in which nothing changed
 * stays where it is; of one in which something did, the old form is read. Holds one part and one object of parts.
 */
public final class DirectoryBuilder {
    /** An object of parts ends when it has so many bytes. */
    static final int OBJECT_BYTES = 4 << 20;

    private final Optional<PageDirectory> before;
    private final String history;
    private final long lsn;
    private final long pageIds;
    private final int pagesPerPart;
    private final LongSupplier random;
    private final Consumer<DirectoryParts.Sealed> objects;
    private final List<PartRef> parts = new ArrayList<>();
    private DirectoryParts object;
    private DirectoryPart open;
    private long lastPage = -1;
    private long changed;

    /**
     * @param before of the base checkpoint, none for the first of all
     * @param pageIds ids ever given out, at the checkpoint
     * @param random numbers for keys, not negative
     * @param objects takes the objects of parts as they are full; they must be in S3 before the root is
     */
    public DirectoryBuilder(
            Optional<PageDirectory> before,
            String history,
            long lsn,
            long pageIds,
            LongSupplier random,
            Consumer<DirectoryParts.Sealed> objects) {
        this.before = before;
        this.history = history;
        this.lsn = lsn;
        this.pageIds = pageIds;
        this.pagesPerPart = before.map(d -> d.root().pagesPerPart()).orElse(DirectoryFormat.PAGES_PER_PART);
        this.random = random;
        this.objects = objects;
        if (pageIds < beforeIds()) {
            throw new TidemarkException(
                    ErrorKind.FATAL, "page ids never become fewer: " + beforeIds() + " before, now " + pageIds);
        }
    }

    private long beforeIds() {
        return before.map(d -> d.root().pageIds()).orElse(0L);
    }

    /** A page that changed; ids ascend. */
    public void add(PagePlace place) {
        carry(place);
        changed++;
    }

    /** A page that did not change and lies elsewhere now; ids ascend together with those that changed. */
    public void carry(PagePlace place) {
        if (place.pageId() <= lastPage || place.pageId() >= pageIds) {
            throw new TidemarkException(
                    ErrorKind.FATAL, "page " + place.pageId() + " cannot follow " + lastPage + " of " + pageIds);
        }
        lastPage = place.pageId();
        int part = Math.toIntExact(place.pageId() / pagesPerPart);
        closeUpTo(part);
        if (open == null) {
            open = opened(part);
        }
        open.put(place);
    }

    /** Ends the parts before this one; those without a change are shared. */
    private void closeUpTo(int part) {
        if (open != null && parts.size() < part) {
            close();
        }
        while (parts.size() < part) {
            share();
        }
    }

    private void close() {
        if (object == null) {
            object = new DirectoryParts(new PackName(history, Kind.PARTS, lsn, random.getAsLong()));
        }
        parts.add(object.add(open.encode()));
        open = null;
        if (object.bytes() >= OBJECT_BYTES) {
            emit();
        }
    }

    private void emit() {
        objects.accept(object.finish());
        object = null;
    }

    private void share() {
        int index = parts.size();
        boolean isWhole = before.isPresent()
                && index < before.get().parts()
                && before.get().root().pagesOf(index) == pagesOf(index);
        if (!isWhole) {
            // rule P1: a page that is new since the base has changed since then
            throw new TidemarkException(
                    ErrorKind.FATAL,
                    "no page of part " + index + " changed, and the directory before does not have it all");
        }
        parts.add(before.get().root().parts().get(index));
    }

    private DirectoryPart opened(int index) {
        int pages = pagesOf(index);
        return before.isPresent() && index < before.get().parts()
                ? before.get().part(index).grown(pages)
                : new DirectoryPart((long) index * pagesPerPart, pages);
    }

    private int pagesOf(int index) {
        return (int) Math.min(pagesPerPart, pageIds - (long) index * pagesPerPart);
    }

    /**
     * What the root says beside the parts.
     *
     * @param contentHash over the changed pages
     */
    public record Facts(long term, long redoChain, DirectoryRoot.Base base, int pageBytes, byte[] contentHash) {}

    /** Ends the directory, whose last object of parts is handed out before this returns. */
    public DirectoryRoot finish(Facts facts) {
        closeUpTo((int) ((pageIds + pagesPerPart - 1) / pagesPerPart));
        if (object != null) {
            emit();
        }
        return new DirectoryRoot(
                history,
                lsn,
                facts.term(),
                facts.redoChain(),
                facts.base(),
                facts.pageBytes(),
                pageIds,
                pagesPerPart,
                changed,
                facts.contentHash(),
                parts);
    }
}
