package io.tidemark.shipper.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.PageCut;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.pack.Pages;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PeekedStore;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CheckpointWorkTest {
    private static final int PAGES_PER_PACK = 64;
    private static final int PAGES_PER_PART = 1024;
    private static final int PAGES = 3 * PAGES_PER_PART;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final OpenedFiles disk = new OpenedFiles(new SimulatedDisk());
    private final CheckpointScratch scratch = new CheckpointScratch(disk, Path.of("/checkpoint"), 0);
    private final AtomicLong numbers = new AtomicLong();

    /** A store of {@link #PAGES} pages of which these have changed. */
    private record Changed(long lsn, LongPredicate pages) implements PageCut {
        @Override
        public State state() {
            return new State(lsn, 1, lsn, lsn, Pages.HISTORY, "", -1, 0, List.of(), new byte[0], -1);
        }

        @Override
        public int pageBytes() {
            return Pages.BYTES;
        }

        @Override
        public long pageIds() {
            return PAGES;
        }

        @Override
        public void forEachChanged(Consumer<PageImage> visitor) {
            LongStream.range(0, PAGES).filter(pages).forEach(id -> visitor.accept(Pages.image(id, lsn)));
        }

        @Override
        public void close() {}
    }

    private CheckpointWork cut(Checkpoint base, long lsn, LongPredicate pages) {
        CheckpointWork work = new CheckpointWork(
                Pages.HISTORY, base, scratch, PAGES_PER_PACK * Pages.BYTES, numbers::getAndIncrement, () -> false);
        work.cut((from, versions) -> new Changed(lsn, pages));
        return work;
    }

    private void upload() {
        for (int i = 0; i < scratch.objects(); i++) {
            store.putIfAbsent(scratch.key(i), scratch.read(i));
        }
    }

    private Checkpoint first() {
        Checkpoint first = cut(Checkpoint.NONE, 10, id -> true).build(store, List.of());
        upload();
        return first;
    }

    private List<PagePlace> places(Checkpoint checkpoint) {
        PageDirectory directory = PageDirectory.open(store, checkpoint.directory(), checkpoint.sha256());
        List<PagePlace> places =
                LongStream.range(0, PAGES).mapToObj(directory::place).toList();
        places.forEach(place -> assertEquals(Pages.image(place.pageId(), place.pageLsn()), directory.image(place)));
        return places;
    }

    /** However many pages have changed, memory holds places of one pack: of 10 GiB they would take more than there is. */
    @Test
    void thePlacesOfAPackAreInTheDirectoryBeforeTheNextPackIsOpened() {
        CheckpointWork work = cut(first(), 20, id -> true);
        disk.forget();
        AtomicLong partsRead = new AtomicLong();
        ObjectStore watched = new PeekedStore(
                key -> {
                    if (key.endsWith(".parts")) {
                        long packsBefore = partsRead.getAndIncrement() * PAGES_PER_PART / PAGES_PER_PACK;
                        assertEquals(packsBefore + 1, disk.opened(), "packs opened before part " + partsRead);
                    }
                    return store.peek(key);
                },
                store::keys);

        work.build(watched, List.of());

        assertEquals(PAGES / PAGES_PER_PART, partsRead.get());
    }

    @Test
    void pagesThatAreCarriedOverStandAmongThoseThatChanged() {
        Checkpoint first = first();
        List<String> sparse = places(first).stream()
                .map(PagePlace::pack)
                .distinct()
                .filter(pack -> PackName.parse(pack).orElseThrow().n() % 5 == 0)
                .toList();
        LongPredicate changed = id -> id % 3 == 0;

        Checkpoint second = cut(first, 20, changed).build(store, sparse);
        upload();

        assertTrue(sparse.size() > 5, sparse.toString());
        for (PagePlace place : places(second)) {
            assertEquals(changed.test(place.pageId()) ? 20 : 10, place.pageLsn(), place.toString());
            assertTrue(!sparse.contains(place.pack()), place.toString());
        }
    }
}
