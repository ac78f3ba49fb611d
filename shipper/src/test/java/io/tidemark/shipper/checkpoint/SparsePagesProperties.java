package io.tidemark.shipper.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.pack.PagePlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SparsePagesProperties {
    private static final int PAGES_PER_PACK = 16;

    /** Memory has room for what is chosen and the page that is looked at, however many pages of sparse packs there are. */
    @Property(tries = 200)
    void asManyWholePacksAreChosenAsHaveRoomAndNoMorePagesAreHeld(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int pagesMax) {
        Random random = new Random(seed);
        List<String> sparse = new ArrayList<>();
        for (int pack = 0; pack < 40; pack++) {
            sparse.add(random.nextInt(sparse.size() + 1), "pack-" + pack);
        }
        List<PagePlace> shown = new ArrayList<>();
        SparsePages pages = new SparsePages(sparse, pagesMax);
        for (int id = 0; id < 60 * PAGES_PER_PACK; id++) {
            if (random.nextInt(3) > 0) {
                PagePlace place = new PagePlace(id, "pack-" + random.nextInt(60), 0, 1, 1, 1);
                shown.add(place);
                pages.add(place);
                assertTrue(pages.held() <= Math.max(pagesMax, 2 * PAGES_PER_PACK), pages.held() + " pages held");
            }
        }
        assertEquals(chosen(shown, sparse, pagesMax), pages.places());
    }

    private static List<PagePlace> chosen(List<PagePlace> shown, List<String> sparse, int pagesMax) {
        List<PagePlace> chosen = new ArrayList<>();
        for (String pack : sparse) {
            List<PagePlace> more =
                    shown.stream().filter(place -> place.pack().equals(pack)).toList();
            if (!chosen.isEmpty() && chosen.size() + more.size() > pagesMax) {
                break;
            }
            chosen.addAll(more);
        }
        return chosen;
    }
}
