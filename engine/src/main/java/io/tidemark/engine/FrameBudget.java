package io.tidemark.engine;

/**
 * How the pool's frames are shared out, so that an entry and the readers always find one without waiting in its middle.
 *
 * <pre>
 *   frames >= uncleanMax + maxEntryPages + 2 x readersMax + WRITER_PINS
 * </pre>
 *
 * @param uncleanMax frames that may be dirty when an entry begins
 * @param readersMax readers at a time, each with at most two pins
 */
record FrameBudget(int uncleanMax, int readersMax) {
    /** What the applying thread pins in passing, beside the pages it changes. */
    private static final int WRITER_PINS = 4;

    private static final int READERS_MAX = 64;

    static FrameBudget of(EngineOptions options) {
        int frames = Math.toIntExact(options.poolBytes() / options.pageBytes());
        int readers = Math.max(2, Math.min(READERS_MAX, frames / 16));
        return new FrameBudget(frames - options.maxEntryPages() - 2 * readers - WRITER_PINS, readers);
    }
}
