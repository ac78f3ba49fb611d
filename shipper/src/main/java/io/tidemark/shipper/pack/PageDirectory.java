package io.tidemark.shipper.pack;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the pages of one checkpoint in the object store: the root is in memory, a page takes one ranged read of its part
 * and one of its image (rule CT4). Remembers nothing else. Any thread.
 */
public final class PageDirectory {
    private final ObjectStore store;
    private final PackName name;
    private final DirectoryRoot root;

    private PageDirectory(ObjectStore store, PackName name, DirectoryRoot root) {
        this.store = store;
        this.name = name;
        this.root = root;
    }

    /**
     * Reads the root.
     *
     * @param sha256 that the object must have, hex
     * @throws TidemarkException {@code NOT_FOUND} when there is no such object, {@code CORRUPT} when it is another
     */
    public static PageDirectory open(ObjectStore store, String key, String sha256) {
        PackName name = PackName.parse(key)
                .orElseThrow(() -> new TidemarkException(ErrorKind.CORRUPT, key + " is not the key of a directory"));
        byte[] bytes = store.get(key).orElseThrow(() -> gone(key));
        String found = Hashes.sha256Hex(bytes);
        if (!found.equals(sha256)) {
            throw Damage.corrupt(key, 0, "SHA-256", sha256, found);
        }
        return new PageDirectory(store, name, DirectoryRoot.decode(name, bytes));
    }

    public PackName name() {
        return name;
    }

    public DirectoryRoot root() {
        return root;
    }

    /** Where the page's image is; {@code NOT_FOUND} for an id that was not given out at the checkpoint. */
    public PagePlace place(long pageId) {
        if (pageId < 0 || pageId >= root.pageIds()) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    "checkpoint " + name + " has pages 0 to " + (root.pageIds() - 1) + ", not " + pageId);
        }
        return part((int) (pageId / root.pagesPerPart())).place(pageId);
    }

    /** The page itself. */
    public PageImage image(long pageId) {
        return image(place(pageId));
    }

    /** The page that lies there. */
    public PageImage image(PagePlace place) {
        byte[] stored =
                store.getRange(place.pack(), place.offset(), place.length()).orElseThrow(() -> gone(place.pack()));
        return StoredImage.open(place, stored, 0, root.pageBytes());
    }

    /** The pages of a range, by one read. */
    public List<PageImage> images(PageRange range) {
        byte[] stored =
                store.getRange(range.pack(), range.offset(), range.length()).orElseThrow(() -> gone(range.pack()));
        List<PageImage> images = new ArrayList<>(range.places().size());
        for (PagePlace place : range.places()) {
            images.add(StoredImage.open(place, stored, place.offset() - range.offset(), root.pageBytes()));
        }
        return images;
    }

    /** Parts of the directory. */
    public int parts() {
        return root.parts().size();
    }

    /** Places of one part's pages, in order of their ids. */
    public List<PagePlace> placesOf(int part) {
        return part(part).places();
    }

    /** All parts, in as few reads as is worth it. */
    public List<PartRange> partRanges() {
        return PartRange.over(root.parts());
    }

    /** Places of the pages of these parts, by one read. */
    public List<PagePlace> placesOf(PartRange range) {
        byte[] bytes =
                store.getRange(range.object(), range.offset(), range.length()).orElseThrow(() -> gone(range.object()));
        List<PagePlace> places = new ArrayList<>();
        for (int index : range.parts()) {
            places.addAll(decoded(index, bytes, root.parts().get(index).offset() - range.offset())
                    .places());
        }
        return places;
    }

    DirectoryPart part(int index) {
        DirectoryRoot.PartRef ref = root.parts().get(index);
        byte[] bytes = store.getRange(ref.object(), ref.offset(), ref.length()).orElseThrow(() -> gone(ref.object()));
        return decoded(index, bytes, 0);
    }

    /** The part that stands at {@code at}. */
    private DirectoryPart decoded(int index, byte[] bytes, int at) {
        DirectoryRoot.PartRef ref = root.parts().get(index);
        DirectoryPart part = DirectoryPart.decode(ref.object(), ref.offset(), bytes, at, ref.length());
        int crc = DirectoryPart.crc(bytes, at, ref.length() - DirectoryFormat.PART_HEADER_BYTES);
        long first = (long) index * root.pagesPerPart();
        if (crc != ref.crc() || part.first() != first || part.pages() != root.pagesOf(index)) {
            throw Damage.corrupt(
                    ref.object(),
                    ref.offset(),
                    "the part of page " + first,
                    root.pagesOf(index) + " pages, CRC " + Damage.hex(ref.crc()),
                    part.pages() + " pages from " + part.first() + ", CRC " + Damage.hex(crc));
        }
        return part;
    }

    private static TidemarkException gone(String key) {
        return new TidemarkException(ErrorKind.NOT_FOUND, "object " + key + " of a checkpoint is not there");
    }
}
