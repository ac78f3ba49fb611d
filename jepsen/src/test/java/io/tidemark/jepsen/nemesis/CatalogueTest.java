package io.tidemark.jepsen.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    @Test
    void aNemesisIsFoundByItsName() {
        Catalogue.all().forEach(entry -> assertEquals(entry, Catalogue.of(entry.name())));
    }

    @Test
    void whatIsNotThereIsRefusedWithItsReason() {
        Catalogue.MISSING.forEach((name, why) -> {
            String said = assertThrows(IllegalArgumentException.class, () -> Catalogue.of(name))
                    .getMessage();
            assertTrue(said.contains(why), said);
        });
        String said = assertThrows(IllegalArgumentException.class, () -> Catalogue.of("earthquake"))
                .getMessage();
        assertTrue(said.contains("partition-ring"), said);
    }

    @Test
    void aPaceStaysWithinItsBounds() {
        Pace pace = Pace.upTo(Pace.longestOf(Duration.ofMinutes(10)));
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Duration struck = pace.struck(random);
            assertTrue(struck.compareTo(pace.struckMin()) >= 0 && struck.compareTo(pace.struckMax()) <= 0, "" + struck);
        }
    }
}
