package io.tidemark.engine;

import io.tidemark.engine.buffer.ReadAhead;
import io.tidemark.engine.checkpoint.Flusher;

/**
 * How the pool's frames are shared out, so that an entry and the readers always find one without waiting in its middle.
 *
 * <pre>
 *   frames >= unclean + pages of the entry + versionsMax + READER_PINS x readersMax + WRITER_PINS
 *             + READ_AHEAD_PINS
 * </pre>
 *
 * An entry that copies a page takes one frame as its page and leaves one as an old version, of which there are never more
 * than versionsMax: past that, readers wait and snapshots end before the entry goes on.
 *
 * @param free frames for unclean pages and pages of the entry
 * @param versionsMax frames of old versions
 * @param readersMax readers at a time
 */
record FrameBudget(int free, int versionsMax, int readersMax) {
    /** What the applying thread pins in passing, beside the pages it changes. */
    private static final int WRITER_PINS = 4;

    /** A scan's next pages, while they are read. */
    private static final int READ_AHEAD_PINS = ReadAhead.THREADS;

    /** A leaf with a marked record, and the way to its before-image. */
    private static final int READER_PINS = 3;

    private static final int READERS_MAX = 64;
    private static final int READERS_SHARE = 20;

    static FrameBudget of(EngineOptions options) {
        int frames = Math.toIntExact(options.poolBytes() / options.pageBytes());
        int readers = Math.max(2, Math.min(READERS_MAX, frames / READERS_SHARE));
        int left = frames - READER_PINS * readers - WRITER_PINS - READ_AHEAD_PINS;
        long wanted = options.snapshotBytes() / options.pageBytes();
        // A pool that is barely large enough for an entry has little room for snapshots.
        int versions = (int) Math.max(0, Math.min(wanted, left - options.maxEntryPages() - 1));
        return new FrameBudget(left - versions, versions, readers);
    }

    /** Frames for an entry that should change {@code pages}: an estimate that falls short must halt nobody. */
    static int setAside(int pages, int maxEntryPages) {
        return (int) Math.min(maxEntryPages, 2L * pages);
    }

    /** The cleaner works well before a writer of entries of common size would have to wait. */
    Flusher.Limits flushLimits(EngineOptions options) {
        int common = Math.min(options.maxEntryPages(), 4 * EntryCost.OVERHEAD_PAGES);
        int uncleanMax = Math.max(0, free - common);
        return new Flusher.Limits(free, uncleanMax / 4 * 3, options.redoBytesMax(), options.flushBatchPages());
    }
}
