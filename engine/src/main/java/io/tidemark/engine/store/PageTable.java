package io.tidemark.engine.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The translation table: page id to slot, LSN and CRC, with the checkpoint record; atomic durable commits (rule P4). One
 * contract test judges every implementation. One thread commits, any thread reads.
 */
public interface PageTable extends AutoCloseable {

    /** Where a page's current image is; {@code slot} is -1 when it has left the local disk (EVICTED, rule P1). */
    record Row(long pageId, long slot, long pageLsn, int crc) {
        public static final long EVICTED = -1;

        /** Whether the image has left the local disk. */
        public boolean isEvicted() {
            return slot == EVICTED;
        }
    }

    Optional<Row> row(long pageId);

    /** All rows in order of page id. */
    void forEach(Consumer<Row> visitor);

    CheckpointRecord checkpoint();

    /** Replaces rows and checkpoint in one durable step; the digest over all rows moves with them (rule P3). A failure halts. */
    void commit(List<Row> rows, CheckpointRecord checkpoint);

    @Override
    void close();
}
