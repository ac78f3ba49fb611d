package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PackTest {
    private static final PackName NAME = new PackName(Pages.HISTORY, Kind.PACK, 99, 1234567890123456789L);

    private static SealedPack small(PackName name) {
        PackWriter writer = new PackWriter(name, Pages.BYTES);
        writer.add(Pages.image(0, 97));
        writer.add(Pages.image(3, 12));
        writer.add(Pages.image(70_000, 99));
        return writer.finish();
    }

    private static List<PageImage> imagesOf(PackReader reader) {
        List<PageImage> images = new ArrayList<>();
        reader.forEach(images::add);
        return images;
    }

    private static List<PageImage> expected() {
        return List.of(Pages.image(0, 97), Pages.image(3, 12), Pages.image(70_000, 99));
    }

    @Test
    void aPackHoldsItsPagesInOrderUnderAKeyOfItsOwn() {
        SealedPack sealed = small(NAME);

        PackReader reader = PackReader.open(NAME, sealed.bytes());

        assertEquals(expected(), imagesOf(reader));
        assertEquals(sealed.places(), reader.places());
        assertEquals(
                Pages.HISTORY + "/pages/00000000000000000099-01234567890123456789.pack",
                sealed.name().key());
        assertEquals(Optional.of(NAME), PackName.parse(NAME.key()));
    }

    /** A checkpoint may have a million places. */
    @Test
    void placesOfAPackShareOneKey() {
        SealedPack sealed = small(NAME);
        for (List<PagePlace> places :
                List.of(sealed.places(), PackReader.open(NAME, sealed.bytes()).places())) {
            places.forEach(place -> assertSame(places.get(0).pack(), place.pack()));
        }
    }

    @Test
    void theGoldenPackOfFormat1IsReadForEver() throws IOException {
        byte[] golden = Pages.golden("pack-v1.hex");

        PackReader reader = PackReader.open(NAME, golden).verify();

        assertEquals(expected(), imagesOf(reader));
        assertEquals(small(NAME).contentHashHex(), reader.contentHashHex());
    }

    @Test
    void oneRangedReadFindsAPageAndProvesIt() {
        SealedPack sealed = small(NAME);
        SimulatedObjectStore store = new SimulatedObjectStore();
        store.putIfAbsent(NAME.key(), sealed.bytes());

        for (PagePlace place : sealed.places()) {
            byte[] stored =
                    store.getRange(place.pack(), place.offset(), place.length()).orElseThrow();
            assertEquals(Pages.image(place.pageId(), place.pageLsn()), StoredImage.open(place, stored, 0, Pages.BYTES));
        }
    }

    @Test
    void p1_anImageOfAnotherLsnOrCrcIsNeverUsed() {
        SealedPack sealed = small(NAME);
        PagePlace place = sealed.places().get(1);
        for (PagePlace wrong : List.of(
                new PagePlace(4, place.pack(), place.offset(), place.length(), place.pageLsn(), place.crc()),
                new PagePlace(3, place.pack(), place.offset(), place.length(), 13, place.crc()),
                new PagePlace(3, place.pack(), place.offset(), place.length(), place.pageLsn(), place.crc() ^ 1))) {
            TidemarkException found = assertThrows(
                    TidemarkException.class,
                    () -> StoredImage.open(wrong, sealed.bytes(), place.offset(), Pages.BYTES));
            assertEquals(ErrorKind.CORRUPT, found.kind());
        }
    }

    @Test
    void aFlippedBitAnywhereIsDetectedAndNamed() {
        SealedPack sealed = small(NAME);
        for (int bit = 0; bit < 8 * sealed.bytes().length; bit++) {
            byte[] damaged = sealed.bytes().clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            TidemarkException found = assertThrows(
                    TidemarkException.class,
                    () -> PackReader.open(NAME, damaged).verify(),
                    "bit " + bit);
            assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit + ": " + found.getMessage());
            assertTrue(found.getMessage().contains(NAME.key()), found.getMessage());
        }
    }

    @Test
    void aFlippedBitAnywhereInAnImageIsDetectedByARangedReadToo() {
        SealedPack sealed = small(NAME);
        for (PagePlace place : sealed.places()) {
            for (int bit = 8 * place.offset(); bit < 8 * (place.offset() + place.length()); bit++) {
                byte[] damaged = sealed.bytes().clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                TidemarkException found = assertThrows(
                        TidemarkException.class,
                        () -> StoredImage.open(place, damaged, place.offset(), Pages.BYTES),
                        "bit " + bit);
                assertEquals(ErrorKind.CORRUPT, found.kind(), "bit " + bit);
            }
        }
    }

    @Test
    void aCutOffOrPaddedPackIsDetected() {
        SealedPack sealed = small(NAME);
        for (int length = 0; length < sealed.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(sealed.bytes(), length);
            TidemarkException found = assertThrows(TidemarkException.class, () -> PackReader.open(NAME, cut));
            assertEquals(ErrorKind.CORRUPT, found.kind());
        }
        byte[] padded = Arrays.copyOf(sealed.bytes(), sealed.bytes().length + 1);
        assertThrows(TidemarkException.class, () -> PackReader.open(NAME, padded));
    }

    @Test
    void aPackOfAnotherCheckpointIsDetected() {
        SealedPack sealed = small(NAME);
        PackName other = new PackName(Pages.HISTORY, Kind.PACK, 100, NAME.n());
        assertThrows(TidemarkException.class, () -> PackReader.open(other, sealed.bytes()));
    }

    @Test
    void ct8_equalPagesHaveEqualContentHashesWhateverTheObjectIsCalled() {
        PackName other = new PackName(Pages.HISTORY, Kind.PACK, 99, 7);

        assertEquals(small(NAME).contentHashHex(), small(other).contentHashHex());

        PackWriter writer = new PackWriter(other, Pages.BYTES);
        writer.add(Pages.image(0, 97));
        writer.add(Pages.image(3, 13));
        writer.add(Pages.image(70_000, 99));
        assertNotEquals(small(NAME).contentHashHex(), writer.finish().contentHashHex());
    }

    @Test
    void pagesOutOfOrderOrPastTheCheckpointAreRefused() {
        PackWriter writer = new PackWriter(NAME, Pages.BYTES);
        writer.add(Pages.image(3, 12));
        assertThrows(TidemarkException.class, () -> writer.add(Pages.image(3, 12)));
        assertThrows(TidemarkException.class, () -> writer.add(Pages.image(4, 100)));
    }
}
