package io.tidemark.shipper.catalog;

import io.tidemark.engine.io.SimulatedDisk;
import java.nio.file.Path;

/** The simulation keeps the contract, so that what crash tests find out holds for the real one. */
class SimulatedTierCatalogTest extends TierCatalogContract {
    private final SimulatedDisk disk = new SimulatedDisk();

    @Override
    TierCatalog open() {
        return new SimulatedTierCatalog(disk, Path.of("/catalog"));
    }
}
