/**
 * Log segments: immutable objects that hold the committed entries of one range of LSNs.
 *
 * <p>Guarantees: a segment read without error holds exactly the entries {@code first..last} of its name, in order,
 * without a gap, as they were committed; a flipped byte anywhere is found before an entry of its block is handed out,
 * and named with object, offset, expected and found. Two segments of one history agree wherever they overlap; they may
 * be cut differently, and segments of the same range are equal when their content hashes are (rule CT8).
 *
 * <p>Not thread-safe; a segment is built and read by one thread, in memory.
 */
package io.tidemark.shipper.segment;
