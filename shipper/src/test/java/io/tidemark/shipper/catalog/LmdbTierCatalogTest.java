package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbTierCatalogTest extends TierCatalogContract {
    @TempDir
    private Path directory;

    @Override
    TierCatalog open() {
        return opened().catalog();
    }

    private LmdbTierCatalog.Opened opened() {
        return LmdbTierCatalog.open(new RealDisk(), directory.resolve("catalog"), 64 << 20);
    }

    @Test
    void ct9_aDamagedCatalogIsMadeAnew() throws IOException {
        try (TierCatalog catalog = open()) {
            catalog.commit(List.of(hot(1, 1), cold(2, 2)), List.of(), new CatalogState(2, 3, 4));
        }
        Path file = directory.resolve("catalog/data.mdb");
        byte[] bytes = Files.readAllBytes(file);
        byte[] key = CatalogFormat.key(name(1));
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .indexOf(new String(key, java.nio.charset.StandardCharsets.ISO_8859_1));
        bytes[at + key.length + 20] ^= 4;
        Files.write(file, bytes);
        LmdbTierCatalog.Opened opened = opened();
        try (TierCatalog catalog = opened.catalog()) {
            assertTrue(opened.anew());
            assertEquals(List.of(), rows(catalog));
        }
        LmdbTierCatalog.Opened again = opened();
        again.catalog().close();
        assertFalse(again.anew());
    }

    @Test
    void ct9_aCatalogThatTwoProcessesDiedOfIsMadeAnewAndOneDeathCostsNothing() throws IOException {
        try (TierCatalog catalog = open()) {
            catalog.commit(List.of(hot(1, 1)), List.of(), CatalogState.EMPTY);
        }
        Path opening = directory.resolve("catalog/opening");
        Files.writeString(opening, "x");
        LmdbTierCatalog.Opened once = opened();
        try (TierCatalog catalog = once.catalog()) {
            assertFalse(once.anew());
            assertEquals(List.of(hot(1, 1)), rows(catalog));
        }
        assertFalse(Files.exists(opening));
        Files.writeString(opening, "xx");
        LmdbTierCatalog.Opened twice = opened();
        try (TierCatalog catalog = twice.catalog()) {
            assertTrue(twice.anew());
            assertEquals(List.of(), rows(catalog));
        }
    }
}
