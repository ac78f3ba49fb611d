package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PageDirectoryTest {
    private final ModelCheckpoints model = new ModelCheckpoints(new SimulatedObjectStore());

    /** Two checkpoints over three parts: the second changes the first and the last of them. */
    private PageDirectory second() {
        model.checkpoint(50, 0, 1, 1023, 1024, 2047, 2048, 2049);
        model.fill(60, 2500);
        model.checkpoint(70, 5, 2049, 2500);
        return model.newest();
    }

    @Test
    void ct4_aPageTakesTheRootOnePartAndOneImage() {
        PageDirectory made = second();
        int before = model.store().requests();

        PageDirectory directory = PageDirectory.open(model.store(), made.name().key(), model.sha256(made.name()));
        assertEquals(Pages.image(5, 70), directory.image(5));

        assertEquals(before + 3, model.store().requests());
    }

    @Test
    void ct4_partsWithoutAChangeAreSharedWithTheDirectoryBefore() {
        model.fill(60, 2500);
        DirectoryRoot before = model.newest().root();
        model.checkpoint(70, 5, 2049);
        DirectoryRoot after = model.newest().root();

        assertNotEquals(before.parts().get(0), after.parts().get(0));
        assertEquals(before.parts().get(1), after.parts().get(1));
        assertNotEquals(before.parts().get(2), after.parts().get(2));
        assertEquals(60, after.base().lsn());
    }

    @Test
    void theGoldenDirectoryOfFormat1IsReadForEver() throws IOException {
        PackName rootName = new PackName(Pages.HISTORY, Kind.ROOT, 70, 2);
        byte[] root = Pages.golden("root-v1.hex");
        PackName partsName = new PackName(Pages.HISTORY, Kind.PARTS, 70, 1);
        SimulatedObjectStore store = new SimulatedObjectStore();
        store.putIfAbsent(rootName.key(), root);
        store.putIfAbsent(partsName.key(), Pages.golden("parts-v1.hex"));

        PageDirectory directory = PageDirectory.open(store, rootName.key(), Hashes.sha256Hex(root));

        DirectoryRoot found = directory.root();
        assertEquals(DirectoryGolden.root(found.parts(), found.contentHash()).toString(), found.toString());
        assertEquals(DirectoryGolden.PLACES, directory.placesOf(0));
    }

    @Test
    void aFlippedBitInARootIsDetectedAndNamed() {
        PageDirectory made = second();
        byte[] bytes = model.store().peek(made.name().key());
        everyFlipIsFound(bytes, made.name().key(), b -> DirectoryRoot.decode(made.name(), b));
    }

    @Test
    void aFlippedBitInAnObjectOfPartsIsDetectedAndNamed() {
        model.checkpoint(50, 0, 1, 2, 3);
        PackName name =
                PackName.parse(model.newest().root().parts().get(0).object()).orElseThrow();
        byte[] bytes = model.store().peek(name.key());
        everyFlipIsFound(bytes, name.key(), b -> DirectoryParts.verify(name, b, place -> {}));
    }

    @Test
    void aFlippedBitInAPartIsDetectedByARangedReadToo() {
        model.checkpoint(50, 0, 1, 2, 3);
        DirectoryRoot.PartRef ref = model.newest().root().parts().get(0);
        for (int bit = 8 * ref.offset(); bit < 8 * (ref.offset() + ref.length()); bit++) {
            int mask = 1 << bit % 8;
            model.store().flip(ref.object(), bit / 8, mask);
            TidemarkException found =
                    assertThrows(TidemarkException.class, () -> model.newest().placesOf(0), "bit " + bit);
            assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit);
            model.store().flip(ref.object(), bit / 8, mask);
        }
    }

    @Test
    void anotherRootUnderTheKeyIsDetected() {
        PageDirectory made = second();
        TidemarkException found = assertThrows(
                TidemarkException.class,
                () -> PageDirectory.open(model.store(), made.name().key(), "ab".repeat(32)));
        assertEquals(ErrorKind.CORRUPT, found.kind());
    }

    @Test
    void p1_aPageThatExistsAndHasNoPlaceIsRefused() {
        model.fill(60, 10);
        assertThrows(TidemarkException.class, () -> model.checkpointWithIds(70, 13, 12));
        assertThrows(TidemarkException.class, () -> model.checkpointWithIds(70, 9, 5));
    }

    private interface Reading {
        void read(byte[] bytes);
    }

    private static void everyFlipIsFound(byte[] bytes, String key, Reading reading) {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            TidemarkException found = assertThrows(TidemarkException.class, () -> reading.read(damaged), "bit " + bit);
            assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit + ": " + found.getMessage());
            assertTrue(found.getMessage().contains(key), found.getMessage());
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(TidemarkException.class, () -> reading.read(cut), length + " bytes");
        }
    }
}
