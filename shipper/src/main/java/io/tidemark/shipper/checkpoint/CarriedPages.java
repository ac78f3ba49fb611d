package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.PackWriter;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.pack.PageRange;
import io.tidemark.shipper.pack.SealedPack;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Pages that did not change, but lie in packs of which little is in use: a checkpoint packs them anew, so that the old packs
 * go with the next floor above it. Used once, by one thread.
 */
final class CarriedPages {
    /** Plain bytes of pages that are in memory together; what is more waits for the next checkpoint. */
    private static final long BYTES_MAX = 16 << 20;

    private final PageDirectory before;
    private final BitSet changed;

    /** @param changed ids of the pages that did change */
    CarriedPages(PageDirectory before, BitSet changed) {
        this.before = before;
        this.changed = changed;
    }

    /**
     * Packs them; each page is proved by the directory before.
     *
     * @param sparse packs, those first that are worth most
     * @return where the pages lie now, in order of their ids
     */
    List<PagePlace> pack(List<String> sparse, int packBytes, Supplier<PackWriter> writers, CheckpointScratch scratch) {
        List<PageImage> images = new ArrayList<>();
        for (PageRange range : PageRange.over(chosen(sparse))) {
            images.addAll(before.images(range));
        }
        images.sort(Comparator.comparingLong(PageImage::pageId));
        List<PagePlace> carried = new ArrayList<>();
        PackWriter writer = null;
        for (PageImage image : images) {
            writer = writer == null ? writers.get() : writer;
            writer.add(image);
            if (writer.plainBytes() >= packBytes) {
                carried.addAll(end(writer, scratch));
                writer = null;
            }
        }
        if (writer != null) {
            carried.addAll(end(writer, scratch));
        }
        return carried;
    }

    private List<PagePlace> chosen(List<String> sparse) {
        SparsePages found = new SparsePages(
                sparse, Math.toIntExact(BYTES_MAX / before.root().pageBytes()));
        for (int part = 0; part < before.parts(); part++) {
            for (PagePlace place : before.placesOf(part)) {
                if (!changed.get(Math.toIntExact(place.pageId()))) {
                    found.add(place);
                }
            }
        }
        return found.places();
    }

    private static List<PagePlace> end(PackWriter writer, CheckpointScratch scratch) {
        SealedPack pack = writer.finish();
        scratch.add(pack.name().key(), pack.bytes());
        return pack.places();
    }
}
