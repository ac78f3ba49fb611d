package io.tidemark.recovery;

/**
 * How far a replay has come.
 *
 * @param lsn the engine's applied LSN
 * @param target where it shall end
 * @param segments read so far
 * @param segmentsInAll to be read
 * @param entries applied so far
 * @param bytes of the segments read so far
 */
public record Progress(long lsn, long target, long segments, long segmentsInAll, long entries, long bytes) {}
