package io.tidemark.shipper.pack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Images that lie close together in one pack, to be had by one ranged read.
 *
 * @param places in order of their offsets
 */
public record PageRange(List<PagePlace> places) {
    /** A gap is read with what is around it when that is cheaper than another request. */
    static final int GAP_BYTES = 64 << 10;

    static final int RANGE_BYTES = 2 << 20;

    public PageRange {
        places = List.copyOf(places);
    }

    /** The places in as few ranges as is worth it. */
    public static List<PageRange> over(List<PagePlace> places) {
        List<PagePlace> sorted = new ArrayList<>(places);
        sorted.sort(Comparator.comparing(PagePlace::pack).thenComparingInt(PagePlace::offset));
        List<PageRange> ranges = new ArrayList<>();
        List<PagePlace> open = new ArrayList<>();
        for (PagePlace place : sorted) {
            if (!open.isEmpty() && !continues(open, place)) {
                ranges.add(new PageRange(open));
                open.clear();
            }
            open.add(place);
        }
        if (!open.isEmpty()) {
            ranges.add(new PageRange(open));
        }
        return ranges;
    }

    private static boolean continues(List<PagePlace> open, PagePlace place) {
        PagePlace first = open.get(0);
        PagePlace last = open.get(open.size() - 1);
        long gap = (long) place.offset() - last.offset() - last.length();
        long bytes = (long) place.offset() + place.length() - first.offset();
        return place.pack().equals(first.pack()) && gap >= 0 && gap <= GAP_BYTES && bytes <= RANGE_BYTES;
    }

    public String pack() {
        return places.get(0).pack();
    }

    public int offset() {
        return places.get(0).offset();
    }

    public int length() {
        PagePlace last = places.get(places.size() - 1);
        return last.offset() + last.length() - offset();
    }
}
