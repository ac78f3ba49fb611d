package io.tidemark.shipper.retention;

import io.tidemark.engine.Retention;
import io.tidemark.engine.Retention.Kept;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What of one history's objects nobody needs any more, and why.
 *
 * <p>Above the floor an object goes only when nothing leads to it: a segment whose last LSN no manifest has as its mark, an
 * object of a checkpoint at whose LSN the log knows none. Below the floor all goes, but what the floor's checkpoint and the
 * one before it lead to, and what another history needs. None of this can change: the log takes no older checkpoint and no
 * lower mark, and a history that forks later promises nothing below the floor.
 */
public final class Garbage {
    /** Why an object goes. */
    public enum Reason {
        /** Entries for states that are given up. */
        BELOW_FLOOR,
        /** Pages that were changed since, in every state that is kept. */
        SUPERSEDED,
        /** Somebody put it and led no longer, or tried again. */
        ABANDONED,
        /** A manifest with a mark at or below the floor. */
        OUTDATED
    }

    /** @param bytes -1 where a listing cannot tell */
    public record Item(String key, long bytes, Reason reason) {}

    /**
     * What was found.
     *
     * @param items what goes, in the order in which it should: what names others before them
     * @param holders other histories that something is kept for
     * @param sparse packs of which less than the share that was asked for is in use at the floor, the least used first
     */
    public record Found(List<Item> items, Set<String> holders, List<String> sparse) {}

    private final HistoryReader reader;
    private final String history;
    private final Retention kept;
    private final long below;
    private final long swept;
    private final List<Hold> holds;
    private final DirectoryReferences references;
    private final Set<Long> checkpoints;
    private final Set<String> holders = new HashSet<>();
    private final List<Item> items = new ArrayList<>();

    private Garbage(HistoryReader reader, String history, Retention kept, long below, long swept) {
        this.reader = reader;
        this.history = history;
        this.kept = kept;
        this.below = below;
        this.swept = swept;
        this.holds = Hold.on(reader, history);
        this.references = new DirectoryReferences(history);
        this.checkpoints = kept.checkpoints().stream().map(Kept::lsn).collect(Collectors.toSet());
    }

    /**
     * Looks through the objects of a history. Everything that is kept must be there before.
     *
     * @param below the floor, when what lies below it may go; anything lower when not
     * @param swept at or below this LSN what nothing leads to may go; -1 for nothing
     * @param livePercent packs of which less is in use are sparse; 0 for none
     */
    public static Found find(
            HistoryReader reader, String history, Retention kept, long below, long swept, int livePercent) {
        return new Garbage(reader, history, kept, below, swept).find(livePercent);
    }

    private boolean givesUp() {
        return kept.floor() >= 0 && below == kept.floor();
    }

    private Found find(int livePercent) {
        List<ObjectInfo> listed = reader.store().list(history + "/", null);
        Map<String, Long> live = Map.of();
        if (givesUp()) {
            for (Kept checkpoint : kept.checkpoints()) {
                if (checkpoint.lsn() <= kept.floor()) {
                    references.add(directory(checkpoint));
                }
            }
            live = references.liveBytes(directory(atFloor()));
        }
        List<String> keys = listed.stream().map(ObjectInfo::key).toList();
        manifestsAndSegments(listed, keys);
        List<Item> pages = new ArrayList<>();
        for (ObjectInfo object : listed) {
            PackName.parse(object.key())
                    .flatMap(this::reason)
                    .ifPresent(reason -> pages.add(new Item(object.key(), object.bytes(), reason)));
        }
        pages.sort(Comparator.comparing(item -> order(item.key())));
        items.addAll(pages);
        return new Found(items, holders, sparse(listed, live, livePercent));
    }

    private Kept atFloor() {
        return kept.checkpoints().stream()
                .filter(checkpoint -> checkpoint.lsn() == kept.floor())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no checkpoint at the floor " + kept));
    }

    private PageDirectory directory(Kept checkpoint) {
        return PageDirectory.open(
                reader.store(),
                checkpoint.checkpoint().directory(),
                checkpoint.checkpoint().sha256());
    }

    /** Roots, then parts, then packs. */
    private static int order(String key) {
        return PackName.parse(key)
                .map(name -> switch (name.kind()) {
                    case ROOT -> 0;
                    case PARTS -> 1;
                    case PACK -> 2;
                })
                .orElseThrow();
    }

    private void manifestsAndSegments(List<ObjectInfo> listed, List<String> keys) {
        Set<Long> marks =
                keys.stream().flatMap(key -> Manifest.markOf(key).stream()).collect(Collectors.toSet());
        long newest = marks.stream().mapToLong(Long::longValue).max().orElse(-1);
        Set<Long> ends = new HashSet<>();
        List<Item> segments = new ArrayList<>();
        for (ObjectInfo object : listed) {
            Optional<SegmentName> segment = SegmentName.parse(object.key());
            if (segment.isEmpty()) {
                continue;
            }
            Optional<Reason> reason = reason(segment.get(), marks, newest);
            reason.ifPresentOrElse(
                    why -> segments.add(new Item(object.key(), object.bytes(), why)),
                    () -> ends.add(segment.get().last()));
        }
        for (ObjectInfo object : listed) {
            Optional<Long> mark = Manifest.markOf(object.key());
            boolean isOld = mark.isPresent() && givesUp() && mark.get() <= kept.floor() && mark.get() < newest;
            if (isOld && !ends.contains(mark.get())) {
                items.add(new Item(object.key(), object.bytes(), Reason.OUTDATED));
            }
        }
        items.addAll(segments);
    }

    /** @param newest mark of the newest manifest: what it names stays */
    private Optional<Reason> reason(SegmentName segment, Set<Long> marks, long newest) {
        boolean isBelow = givesUp() && segment.last() <= kept.floor() && segment.last() < newest;
        boolean isUnnamed = segment.last() <= swept && !marks.contains(segment.last());
        if (!isBelow && !isUnnamed || isHeld(hold -> hold.needs(segment))) {
            return Optional.empty();
        }
        return Optional.of(isBelow ? Reason.BELOW_FLOOR : Reason.ABANDONED);
    }

    private Optional<Reason> reason(PackName object) {
        boolean isSuperseded = givesUp() && object.lsn() <= kept.floor() && !references.has(object.key());
        boolean isAbandoned =
                object.lsn() > kept.floor() && object.lsn() <= swept && !checkpoints.contains(object.lsn());
        if (!isSuperseded && !isAbandoned || isHeld(hold -> hold.needs(object.key(), object.lsn()))) {
            return Optional.empty();
        }
        return Optional.of(isSuperseded ? Reason.SUPERSEDED : Reason.ABANDONED);
    }

    private boolean isHeld(Predicate<Hold> needs) {
        boolean held = false;
        for (Hold hold : holds) {
            if (needs.test(hold)) {
                holders.add(hold.by());
                held = true;
            }
        }
        return held;
    }

    private static List<String> sparse(List<ObjectInfo> listed, Map<String, Long> live, int livePercent) {
        Map<String, Long> shares = listed.stream()
                .filter(object -> object.bytes() > 0 && live.containsKey(object.key()))
                .collect(Collectors.toMap(ObjectInfo::key, object -> live.get(object.key()) * 100 / object.bytes()));
        return shares.entrySet().stream()
                .filter(share -> share.getValue() < livePercent)
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
