package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class DirectoryProperties {

    /** Random changes over many checkpoints: every directory, the old ones too, finds each page as it was then. */
    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void ct4_everyDirectoryFindsEachPageAsItWasAtItsCheckpoint(@ForAll long seed) {
        Random random = new Random(seed);
        ModelCheckpoints model = new ModelCheckpoints(new SimulatedObjectStore());
        List<PageDirectory> directories = new ArrayList<>();
        List<List<Long>> expected = new ArrayList<>();
        long lsn = 0;
        for (int i = 0; i < 20; i++) {
            lsn += 1 + random.nextInt(100);
            int ids = model.lsns().size() + random.nextInt(400);
            int from = random.nextInt(ids + 1);
            long[] changed = IntStream.generate(() -> Math.min(ids, from + random.nextInt(300)))
                    .limit(random.nextInt(200))
                    .asLongStream()
                    .toArray();
            model.checkpoint(lsn, changed.length == 0 ? new long[] {0} : changed);
            directories.add(model.newest());
            expected.add(List.copyOf(model.lsns()));
        }
        for (int i = 0; i < directories.size(); i++) {
            prove(directories.get(i), expected.get(i), random);
        }
    }

    private static void prove(PageDirectory directory, List<Long> lsns, Random random) {
        assertEquals(lsns.size(), directory.root().pageIds());
        long id = 0;
        for (int part = 0; part < directory.parts(); part++) {
            for (PagePlace place : directory.placesOf(part)) {
                assertEquals(id, place.pageId());
                assertEquals(lsns.get((int) id), place.pageLsn());
                id++;
            }
        }
        assertEquals(lsns.size(), id);
        for (int i = 0; i < 5; i++) {
            int picked = random.nextInt(lsns.size());
            assertEquals(Pages.image(picked, lsns.get(picked)), directory.image(picked));
        }
    }
}
