/**
 * Pages in memory: a bounded number of off-heap frames, which of them are pinned, and which are dirty since when.
 *
 * <p>{@link io.tidemark.engine.buffer.BufferPool} guarantees: never more memory than it was given; a pinned, dirty or
 * flushing frame is never taken away; two readers that miss the same page read it once; disk reads happen outside its
 * lock, and hits take none.
 *
 * <p>A {@link io.tidemark.engine.buffer.Frame} is one version of a page. {@link io.tidemark.engine.buffer.PagesAt} shows
 * the pages as of one LSN, for as long as an open snapshot ({@link io.tidemark.engine.buffer.OpenSnapshots}) or an active
 * reader ({@link io.tidemark.engine.buffer.ActiveReaders}) is there; {@link io.tidemark.engine.buffer.EntryPages} shows
 * them as the entry in flight has made them, and copies what others still need. The bytes of a frame stay as they are
 * while it is pinned, whoever pinned it, unless that is the entry in flight alone.
 *
 * <p>Where a page is not on the local disk, no frame waits for it: a pin fails with {@link
 * io.tidemark.engine.store.ColdPageException}, the page is fetched, and pinned again. The applying thread does so for as long
 * as it takes ({@link io.tidemark.engine.buffer.ColdWait}).
 *
 * <p>Threads: any. {@code EntryPages} belongs to the applying thread.
 */
package io.tidemark.engine.buffer;
