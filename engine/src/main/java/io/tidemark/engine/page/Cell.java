package io.tidemark.engine.page;

import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;

/**
 * A leaf record apart from its key, as it is stored. Whoever moves a cell from one record to another moves what it owns:
 * the pages of a large value belong to exactly one record (rule T3).
 *
 * @param flags of {@link LeafRecord}
 * @param transaction who changed it last and may not have ended, 0 for nobody; with HAS_TXN only
 * @param sequence of that transaction's first before-image of this key (rule T1)
 * @param content the value; with OVERFLOW whatever its owner put before the reference, and the reference
 */
public record Cell(int flags, Version version, long transaction, long sequence, byte[] content) {
    private static final byte[] EMPTY = {};

    /** A deleted record, kept for the sake of those who may still see what it was. */
    public static Cell ghost(Version version) {
        return new Cell(LeafRecord.GHOST, version, 0, 0, EMPTY);
    }

    public boolean isGhost() {
        return (flags & LeafRecord.GHOST) != 0;
    }

    public boolean isOverflow() {
        return (flags & LeafRecord.OVERFLOW) != 0;
    }

    /** The same, changed by a transaction. */
    public Cell marked(long byTransaction, long firstSequence) {
        return new Cell(flags | LeafRecord.HAS_TXN, version, byTransaction, firstSequence, content);
    }

    /** The same, changed by nobody who matters. */
    public Cell unmarked() {
        return new Cell(flags & ~LeafRecord.HAS_TXN, version, 0, 0, content);
    }

    /** Where the large value is; with OVERFLOW only. */
    public LeafRecord.Reference reference() {
        return LeafRecord.referenceAt(ByteBuffer.wrap(content), content.length - LeafRecord.REFERENCE_BYTES);
    }
}
