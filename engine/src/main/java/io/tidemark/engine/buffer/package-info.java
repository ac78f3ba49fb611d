/**
 * Pages in memory: a bounded number of off-heap frames, which of them are pinned, and which are dirty since when.
 *
 * <p>{@link io.tidemark.engine.buffer.BufferPool} guarantees: never more memory than it was given; a pinned, dirty or
 * flushing frame is never taken away; two readers that miss the same page read it once; disk reads happen outside its
 * lock. What the bytes mean, and who may read or change them when, is the engine's business: one lock over all trees,
 * held shared by readers and exclusively by the writer for the length of one entry (rule E5). Page versions will let
 * readers go without it; a frame is where their chain begins.
 *
 * <p>Threads: any. {@link io.tidemark.engine.buffer.EntryPages} belongs to the applying thread.
 */
package io.tidemark.engine.buffer;
