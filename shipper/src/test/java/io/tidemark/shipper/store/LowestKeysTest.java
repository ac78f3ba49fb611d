package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.ObjectStore.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

class LowestKeysTest {
    private static Page page(boolean goesOn, String... keys) {
        LowestKeys lowest = new LowestKeys(3);
        for (String key : keys) {
            lowest.add(new ObjectInfo(key, 1, null));
        }
        return lowest.page(goesOn);
    }

    private static List<String> keys(Page page) {
        return page.objects().stream().map(ObjectInfo::key).toList();
    }

    @Test
    void aPageHasTheLowestOfAllAndSaysWhetherOthersFollow() {
        Page full = page(false, "e", "b", "d", "a", "c");
        assertEquals(List.of("a", "b", "c"), keys(full));
        assertEquals(true, full.more());
        assertEquals("c", full.lastKey());

        Page all = page(false, "c", "a", "b");
        assertEquals(List.of("a", "b", "c"), keys(all));
        assertEquals(false, all.more());
        assertEquals(true, page(true, "a").more());
    }
}
