package io.tidemark.shipper.pack;

import io.tidemark.shipper.pack.DirectoryRoot.PartRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parts of a directory that lie close together in one object, to be had by one ranged read: whoever wants all of them would
 * else ask once for every 8 MiB of pages.
 *
 * @param parts their numbers, in order of their offsets
 */
public record PartRange(String object, int offset, int length, List<Integer> parts) {
    /** Some 20 parts, or 160 MiB of pages of 8 KiB. */
    static final int RANGE_BYTES = 512 << 10;

    public PartRange {
        parts = List.copyOf(parts);
    }

    static List<PartRange> over(List<PartRef> refs) {
        List<Integer> sorted = IntStream.range(0, refs.size())
                .boxed()
                .sorted(Comparator.comparing((Integer part) -> refs.get(part).object())
                        .thenComparingInt(part -> refs.get(part).offset()))
                .toList();
        List<PartRange> ranges = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        for (int part : sorted) {
            if (!open.isEmpty() && !continues(refs, open, refs.get(part))) {
                ranges.add(of(refs, open));
                open.clear();
            }
            open.add(part);
        }
        if (!open.isEmpty()) {
            ranges.add(of(refs, open));
        }
        return ranges;
    }

    private static boolean continues(List<PartRef> refs, List<Integer> open, PartRef part) {
        PartRef first = refs.get(open.get(0));
        PartRef last = refs.get(open.get(open.size() - 1));
        long gap = (long) part.offset() - last.offset() - last.length();
        long bytes = (long) part.offset() + part.length() - first.offset();
        return part.object().equals(first.object()) && gap >= 0 && gap <= PageRange.GAP_BYTES && bytes <= RANGE_BYTES;
    }

    private static PartRange of(List<PartRef> refs, List<Integer> parts) {
        PartRef first = refs.get(parts.get(0));
        PartRef last = refs.get(parts.get(parts.size() - 1));
        return new PartRange(first.object(), first.offset(), last.offset() + last.length() - first.offset(), parts);
    }
}
