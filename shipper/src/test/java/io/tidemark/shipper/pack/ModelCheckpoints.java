package io.tidemark.shipper.pack;

import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Checkpoints one after another in a store, beside a list of what each page must be. */
final class ModelCheckpoints {
    private static final int PAGES_PER_PACK = 40;

    private final SimulatedObjectStore store;
    private final AtomicLong numbers = new AtomicLong(1);
    private final List<Long> lsns = new ArrayList<>();
    private PageDirectory newest;

    ModelCheckpoints(SimulatedObjectStore store) {
        this.store = store;
    }

    SimulatedObjectStore store() {
        return store;
    }

    PageDirectory newest() {
        return newest;
    }

    /** LSN of each page now, by page id. */
    List<Long> lsns() {
        return lsns;
    }

    String sha256(PackName name) {
        return Hashes.sha256Hex(store.peek(name.key()));
    }

    /** Changes every page, of which there are so many. */
    void fill(long lsn, int pages) {
        checkpoint(lsn, LongStream.range(0, pages).toArray());
    }

    /** Ships these pages, and those below the highest that are new. */
    void checkpoint(long lsn, long... pages) {
        SortedSet<Long> changed = new TreeSet<>();
        Arrays.stream(pages).forEach(changed::add);
        for (long id = lsns.size(); id <= (changed.isEmpty() ? -1 : changed.last()); id++) {
            changed.add(id);
        }
        changed.forEach(id -> {
            while (lsns.size() <= id) {
                lsns.add(0L);
            }
            lsns.set((int) (long) id, lsn);
        });
        ship(lsn, lsns.size(), changed);
    }

    /** As {@link #checkpoint}, with a number of page ids that may be wrong. */
    void checkpointWithIds(long lsn, long pageIds, long... pages) {
        SortedSet<Long> changed = new TreeSet<>();
        Arrays.stream(pages).forEach(changed::add);
        ship(lsn, pageIds, changed);
    }

    private void ship(long lsn, long pageIds, SortedSet<Long> changed) {
        DirectoryBuilder builder = new DirectoryBuilder(
                Optional.ofNullable(newest),
                Pages.HISTORY,
                lsn,
                pageIds,
                numbers::getAndIncrement,
                parts -> store.putIfAbsent(parts.name().key(), parts.bytes()));
        PackWriter writer = null;
        for (long id : changed) {
            if (writer == null) {
                writer = new PackWriter(
                        new PackName(Pages.HISTORY, Kind.PACK, lsn, numbers.getAndIncrement()), Pages.BYTES);
            }
            writer.add(Pages.image(id, lsn));
            if (writer.pages() == PAGES_PER_PACK) {
                put(writer, builder);
                writer = null;
            }
        }
        if (writer != null) {
            put(writer, builder);
        }
        DirectoryRoot.Base base = newest == null
                ? DirectoryRoot.Base.NONE
                : new DirectoryRoot.Base(newest.root().lsn(), newest.name().key(), 0, sha256(newest.name()));
        DirectoryRoot root = builder.finish(new DirectoryBuilder.Facts(1, lsn, base, Pages.BYTES, new byte[32]));
        PackName name = new PackName(Pages.HISTORY, Kind.ROOT, lsn, numbers.getAndIncrement());
        store.putIfAbsent(name.key(), root.encode());
        newest = PageDirectory.open(store, name.key(), sha256(name));
    }

    private void put(PackWriter writer, DirectoryBuilder builder) {
        SealedPack pack = writer.finish();
        store.putIfAbsent(pack.name().key(), pack.bytes());
        pack.places().forEach(builder::add);
    }

    PageImage expected(long id) {
        return Pages.image(id, lsns.get((int) id));
    }
}
