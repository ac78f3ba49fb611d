package io.tidemark.shipper.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.DirectoryBuilder;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Histories of which neither the listing nor the garbage is in memory as a whole. */
class GarbageLooksProperties {
    private static final String HISTORY = "h";

    private final SimulatedObjectStore store = new SimulatedObjectStore();

    private void put(String key) {
        store.putIfAbsent(key, new byte[] {1});
    }

    /** Of no pages; what is garbage does not depend on them. */
    private Retention.Kept checkpoint(long lsn) {
        DirectoryRoot root = new DirectoryBuilder(Optional.empty(), HISTORY, lsn, 0, () -> 1, parts -> {})
                .finish(new DirectoryBuilder.Facts(1, 1, DirectoryRoot.Base.NONE, 1024, new byte[32]));
        String key = new PackName(HISTORY, Kind.ROOT, lsn, 1).key();
        byte[] bytes = root.encode();
        store.putIfAbsent(key, bytes);
        return new Retention.Kept(new Checkpoint(lsn, -1, 1, 1, key, bytes.length, Hashes.sha256Hex(bytes)), 0);
    }

    /** Leaders that cut differently, segments that nobody named, manifests whose segments went already, two of one mark. */
    private void fill(Random random) {
        for (int i = 0; i < 80; i++) {
            long first = random.nextInt(100);
            long last = first + random.nextInt(8);
            if (random.nextInt(6) > 0) {
                put(new SegmentName(HISTORY, first, last).key());
            }
            if (random.nextInt(3) > 0) {
                put(Manifest.key(HISTORY, last, random.nextInt(2)));
            }
        }
        for (int i = 0; i < 30; i++) {
            Kind kind = Kind.values()[random.nextInt(3)];
            put(new PackName(HISTORY, kind, random.nextInt(110), 2 + i).key());
        }
    }

    @Property(tries = 150)
    void lookAfterLookRemovesWhatIsGarbageAndNamesBeforeWhatTheyName(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int itemsMax, @ForAll boolean givesUp) {
        Random random = new Random(seed);
        store.keys().forEach(store::lose);
        store.pageKeys(1 + random.nextInt(9));
        fill(random);
        long floor = givesUp ? random.nextInt(100) : -1;
        long swept = random.nextInt(110) - 5;
        Retention kept =
                new Retention(floor, 0, floor, swept, List.of(), givesUp ? List.of(checkpoint(floor)) : List.of());
        Set<String> expected = garbage(kept);

        Set<String> removed = new TreeSet<>();
        for (boolean whole = false; !whole; ) {
            Garbage.Found found = Garbage.find(new HistoryReader(store), HISTORY, kept, floor, swept, 50, itemsMax);
            assertTrue(found.items().size() <= 2 * itemsMax + 8, found.items().size() + " at a time");
            found.items().forEach(item -> {
                requireUnnamed(item);
                store.lose(item.key());
                removed.add(item.key());
            });
            whole = found.whole();
        }
        assertEquals(expected, removed);
    }

    private void requireUnnamed(Garbage.Item item) {
        SegmentName.parse(item.key()).ifPresent(segment -> {
            String namedBy = Manifest.before(HISTORY, segment.last());
            assertTrue(
                    store.keys().stream().noneMatch(key -> key.startsWith(namedBy)),
                    item + " goes before what names it");
        });
        PackName.parse(item.key()).ifPresent(object -> {
            boolean isFirst = store.keys().stream()
                    .flatMap(key -> PackName.parse(key).stream())
                    .filter(other -> other.kind().compareTo(object.kind()) > 0)
                    .noneMatch(other -> garbageKeys.contains(other.key()));
            assertTrue(isFirst, item + " goes before what leads to it");
        });
    }

    private Set<String> garbageKeys = Set.of();

    /** By what the rules say, with all of it in memory. */
    private Set<String> garbage(Retention kept) {
        Set<Long> marks = store.keys().stream()
                .flatMap(key -> Manifest.markOf(key).stream())
                .collect(Collectors.toSet());
        long newest = marks.stream().mapToLong(Long::longValue).max().orElse(-1);
        Set<String> garbage = new TreeSet<>();
        Set<Long> stay = new TreeSet<>();
        store.keys().stream().flatMap(key -> SegmentName.parse(key).stream()).forEach(segment -> {
            boolean isBelow = segment.last() <= kept.floor() && segment.last() < newest;
            boolean isAbandoned = segment.last() <= kept.swept() && !marks.contains(segment.last());
            if (isBelow || isAbandoned) {
                garbage.add(segment.key());
            } else {
                stay.add(segment.last());
            }
        });
        for (String key : store.keys()) {
            Manifest.markOf(key)
                    .filter(mark -> mark <= kept.floor() && mark < newest && !stay.contains(mark))
                    .ifPresent(mark -> garbage.add(key));
            PackName.parse(key)
                    .filter(object -> object.n() > 1)
                    .filter(object -> object.lsn() <= Math.max(kept.floor(), kept.swept()))
                    .ifPresent(object -> garbage.add(key));
        }
        garbageKeys = garbage;
        return garbage;
    }
}
