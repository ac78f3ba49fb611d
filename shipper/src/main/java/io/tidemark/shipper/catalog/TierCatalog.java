package io.tidemark.shipper.catalog;

import io.tidemark.shipper.segment.SegmentName;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which segments there are, and where: atomic durable commits, as of the page table (rule P4). One contract test judges
 * every implementation. One thread commits, any thread reads.
 *
 * <p>It can be made again from what S3 lists and what lies on the disk, so a damaged one is thrown away.
 */
public interface TierCatalog extends AutoCloseable {

    Optional<SegmentRow> row(SegmentName name);

    /** All rows in order of their keys, as of one commit; {@code visitor} must not commit. */
    void forEach(Consumer<SegmentRow> visitor);

    CatalogState state();

    /**
     * Replaces and removes rows, and the state, in one durable step; the digest over all rows moves with them. Nothing has
     * changed when it throws.
     */
    void commit(List<SegmentRow> rows, List<SegmentName> removed, CatalogState state);

    @Override
    void close();
}
