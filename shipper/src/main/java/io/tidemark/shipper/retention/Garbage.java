package io.tidemark.shipper.retention;

import io.tidemark.engine.Retention;
import io.tidemark.engine.Retention.Kept;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.LogObjects;
import io.tidemark.shipper.catalog.LogObjects.Ended;
import io.tidemark.shipper.catalog.LogObjects.Segment;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.ArrayList;
import java.util.HashMap;
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
     * @param sparse packs of which less than the share that was asked for is in use at the floor, the least used first;
     *     all of them if {@code whole}
     * @param whole whether it is all; if not, the next look finds more, once these are removed
     */
    public record Found(List<Item> items, Set<String> holders, List<String> sparse, boolean whole) {}

    /** Found by one look; some 170 bytes of memory each, and up to twice as many where packs come last. */
    private static final int ITEMS_MAX = 50_000;

    private final HistoryReader reader;
    private final String history;
    private final Retention kept;
    private final long below;
    private final long swept;
    private final int itemsMax;
    private final List<Hold> holds;
    private final DirectoryReferences references;
    private final Set<Long> checkpoints;
    private final Set<String> holders = new HashSet<>();
    private final List<Item> items = new ArrayList<>();
    private boolean whole = true;

    private Garbage(HistoryReader reader, String history, Retention kept, long below, long swept, int itemsMax) {
        this.reader = reader;
        this.history = history;
        this.kept = kept;
        this.below = below;
        this.swept = swept;
        this.itemsMax = itemsMax;
        this.holds = Hold.on(reader, history);
        this.references = new DirectoryReferences(history);
        this.checkpoints = kept.checkpoints().stream().map(Kept::lsn).collect(Collectors.toSet());
    }

    /**
     * Looks through the objects of a history, of which it holds a few pages of a listing and what goes. Everything that is
     * kept must be there before.
     *
     * @param below the floor, when what lies below it may go; anything lower when not
     * @param swept at or below this LSN what nothing leads to may go; -1 for nothing
     * @param livePercent packs of which less is in use are sparse; 0 for none
     */
    public static Found find(
            HistoryReader reader, String history, Retention kept, long below, long swept, int livePercent) {
        return find(reader, history, kept, below, swept, livePercent, ITEMS_MAX);
    }

    /** @param itemsMax that a look may find, about */
    static Found find(
            HistoryReader reader,
            String history,
            Retention kept,
            long below,
            long swept,
            int livePercent,
            int itemsMax) {
        return new Garbage(reader, history, kept, below, swept, itemsMax).find(livePercent);
    }

    private boolean givesUp() {
        return kept.floor() >= 0 && below == kept.floor();
    }

    private Found find(int livePercent) {
        Map<String, Long> live = Map.of();
        if (givesUp()) {
            for (Kept checkpoint : kept.checkpoints()) {
                if (checkpoint.lsn() <= kept.floor()) {
                    references.add(directory(checkpoint));
                }
            }
            live = references.liveBytes(directory(atFloor()));
        }
        manifestsAndSegments();
        List<String> sparse = whole ? pages(live, livePercent) : List.of();
        return new Found(items, holders, sparse, whole);
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

    private void manifestsAndSegments() {
        long newest = reader.newestMark(history).orElse(-1);
        long last = Math.max(swept, givesUp() ? kept.floor() : -1);
        List<Item> segments = new ArrayList<>();
        for (LogObjects log = new LogObjects(reader.store(), history); log.hasNext(); ) {
            Ended ended = log.next();
            if (ended.lsn() > last) {
                break;
            }
            if (items.size() + segments.size() >= itemsMax) {
                whole = false;
                break;
            }
            boolean someStay = false;
            for (Segment segment : ended.segments()) {
                boolean isNamed = !ended.manifests().isEmpty();
                Optional<Reason> reason = reason(segment.name(), isNamed, newest);
                reason.ifPresent(why -> segments.add(item(segment.object(), why)));
                someStay |= reason.isEmpty();
            }
            if (givesUp() && ended.lsn() <= kept.floor() && ended.lsn() < newest && !someStay) {
                ended.manifests().forEach(manifest -> items.add(item(manifest, Reason.OUTDATED)));
            }
        }
        items.addAll(segments);
    }

    private static Item item(ObjectInfo object, Reason reason) {
        return new Item(object.key(), object.bytes(), reason);
    }

    /** Roots, then parts, then packs; which packs are sparse. */
    private List<String> pages(Map<String, Long> live, int livePercent) {
        List<Item> packs = new ArrayList<>();
        Map<String, Long> shares = new HashMap<>();
        for (Kind kind : List.of(Kind.ROOT, Kind.PACK)) {
            for (ObjectInfo object : reader.store().each(kind.folder(history), null)) {
                Optional<PackName> name = PackName.parse(object.key());
                List<Item> found = name.isPresent() && name.get().kind() == Kind.PACK ? packs : items;
                name.flatMap(this::reason).ifPresent(why -> {
                    if (found.size() < itemsMax) {
                        found.add(item(object, why));
                    } else {
                        whole = false;
                    }
                });
                if (object.bytes() > 0 && live.containsKey(object.key())) {
                    shares.put(object.key(), live.get(object.key()) * 100 / object.bytes());
                }
            }
        }
        if (items.size() < itemsMax) {
            items.addAll(packs);
        } else {
            whole &= packs.isEmpty();
        }
        return shares.entrySet().stream()
                .filter(share -> share.getValue() < livePercent)
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @param newest mark of the newest manifest: what it names stays */
    private Optional<Reason> reason(SegmentName segment, boolean isNamed, long newest) {
        boolean isBelow = givesUp() && segment.last() <= kept.floor() && segment.last() < newest;
        boolean isUnnamed = segment.last() <= swept && !isNamed;
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
}
