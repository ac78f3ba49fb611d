package io.tidemark.shipper.store;

import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.ObjectStore.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Makes the next page of what comes in no order: of all that is shown to it, it holds those with the lowest keys. */
final class LowestKeys {
    private final int max;
    private final PriorityQueue<ObjectInfo> lowest =
            new PriorityQueue<>(Comparator.comparing(ObjectInfo::key).reversed());
    private boolean more;

    /** @param max keys of a page */
    LowestKeys(int max) {
        this.max = max;
    }

    void add(ObjectInfo object) {
        lowest.add(object);
        if (lowest.size() > max) {
            lowest.poll();
            more = true;
        }
    }

    boolean any() {
        return !lowest.isEmpty();
    }

    /** @param goesOn whether there was more that was not shown */
    Page page(boolean goesOn) {
        List<ObjectInfo> sorted = new ArrayList<>(lowest);
        sorted.sort(Comparator.comparing(ObjectInfo::key));
        return new Page(sorted, more || goesOn);
    }
}
