package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.PageCut;
import io.tidemark.engine.io.DiskFile;

/** Where the pages of a checkpoint come from: {@link io.tidemark.engine.StorageEngine#cut} of this node. */
@FunctionalInterface
public interface CutSource {
    PageCut cut(long base, DiskFile scratch);
}
