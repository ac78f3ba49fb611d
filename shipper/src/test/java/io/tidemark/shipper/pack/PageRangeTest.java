package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageRangeTest {
    private static PagePlace place(long id, String pack, int offset, int length) {
        return new PagePlace(id, pack, offset, length, 1, 0);
    }

    @Test
    void imagesThatLieCloseTogetherAreOneRead() {
        List<PageRange> ranges = PageRange.over(List.of(
                place(9, "b", 100, 50), place(1, "a", 100, 50), place(2, "a", 150, 60), place(7, "a", 200_000, 10)));

        assertEquals(3, ranges.size());
        assertEquals(
                List.of(place(1, "a", 100, 50), place(2, "a", 150, 60)),
                ranges.get(0).places());
        assertEquals(110, ranges.get(0).length());
        assertEquals(200_000, ranges.get(1).offset());
        assertEquals("b", ranges.get(2).pack());
    }

    @Test
    void everyImageIsInOneRangeAndNoRangeIsTooLong() {
        Random random = new Random(3);
        List<PagePlace> places = new ArrayList<>();
        int offset = 0;
        for (int id = 0; id < 3_000; id++) {
            int length = 100 + random.nextInt(8_000);
            places.add(place(id, "pack-" + id / 1_000, offset, length));
            offset += length + (random.nextInt(50) == 0 ? 100_000 : 0);
        }
        List<PagePlace> found = new ArrayList<>();
        for (PageRange range : PageRange.over(places)) {
            assertTrue(range.length() <= PageRange.RANGE_BYTES, range.length() + " bytes");
            found.addAll(range.places());
        }
        assertEquals(places, found);
    }
}
