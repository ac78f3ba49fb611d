package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.shipper.catalog.LmdbTierCatalog;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.tier.SegmentTiers;
import io.tidemark.shipper.tier.TierOptions;
import io.tidemark.shipper.tier.TierWork;
import io.tidemark.shipper.tier.TieredStore;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tiers of a node's segments, as part of its process; or the store alone, where they are off. */
final class NodeTiers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTiers.class);

    private final SegmentTiers tiers;
    private final TierWork work;
    private final ObjectStore store;

    private NodeTiers(SegmentTiers tiers, TierWork work, ObjectStore store) {
        this.tiers = tiers;
        this.work = work;
        this.store = store;
    }

    /**
     * Opens them; where they are off, what an earlier process has kept is removed.
     *
     * @param directory {@code segments} of the node's
     * @param s3 stays open
     */
    static NodeTiers open(Path directory, ObjectStore s3, String history, TierOptions options, MetricRegistry metrics) {
        if (!options.enabled()) {
            DirectoryTree.remove(directory);
            return new NodeTiers(null, null, s3);
        }
        Disk disk = new RealDisk();
        LmdbTierCatalog.Opened catalog =
                LmdbTierCatalog.open(disk, directory.resolve("catalog"), LmdbTierCatalog.MAP_BYTES);
        if (catalog.anew()) {
            LOG.warn("the tier catalog in {} was damaged and is made anew", directory);
        }
        SegmentTiers tiers =
                new SegmentTiers(disk, directory, catalog.catalog(), s3, history, options, Pace.system(), metrics);
        TierWork work = new TierWork(tiers);
        return new NodeTiers(tiers, work, new TieredStore(s3, tiers, work));
    }

    /** What the node reads and writes its history through. */
    ObjectStore store() {
        return store;
    }

    /** Where the tiers are asked and changed; empty where they are off. */
    Optional<TierWork> work() {
        return Optional.ofNullable(work);
    }

    @Override
    public void close() {
        if (tiers != null) {
            work.close();
            tiers.close();
        }
    }
}
