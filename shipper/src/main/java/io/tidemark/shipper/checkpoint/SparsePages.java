package io.tidemark.shipper.checkpoint;

import io.tidemark.shipper.pack.PagePlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses pages of whole sparse packs, as far as memory goes: a pack dies only when all of its pages are elsewhere. Of the
 * pack that is worth most it takes all. What cannot be chosen any more is let go at once, however many pages are shown to it.
 */
final class SparsePages {
    private final Map<String, Integer> ranks = new HashMap<>();
    private final int pagesMax;
    private final TreeMap<Integer, List<PagePlace>> found = new TreeMap<>();
    private int held;

    /** Packs of this rank or a later one have no room. */
    private int end = Integer.MAX_VALUE;

    /**
     * @param sparse packs, those first that are worth most
     * @param pagesMax that may be chosen of more packs than one
     */
    SparsePages(List<String> sparse, int pagesMax) {
        sparse.forEach(pack -> ranks.putIfAbsent(pack, ranks.size()));
        this.pagesMax = pagesMax;
    }

    /** A page that did not change; only those of sparse packs matter. */
    void add(PagePlace place) {
        int rank = ranks.getOrDefault(place.pack(), Integer.MAX_VALUE);
        if (rank >= end) {
            return;
        }
        found.computeIfAbsent(rank, r -> new ArrayList<>()).add(place);
        held++;
        while (held > pagesMax && found.size() > 1) {
            Map.Entry<Integer, List<PagePlace>> last = found.pollLastEntry();
            held -= last.getValue().size();
            end = last.getKey();
        }
    }

    /** Pages in memory now. */
    int held() {
        return held;
    }

    /** The chosen pages, pack after pack. */
    List<PagePlace> places() {
        List<PagePlace> places = new ArrayList<>(held);
        found.values().forEach(places::addAll);
        return places;
    }
}
