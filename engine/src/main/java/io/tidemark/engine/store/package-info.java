/**
 * Pages on the local disk, never overwritten in place.
 *
 * <p>Guarantees: a flush of any number of pages with its checkpoint is there as a whole after a crash, or not at all; a
 * read returns the page that its row names, by id, LSN and CRC, or fails with {@code CORRUPT} (rules P1, P3-P5).
 *
 * <p>Pages may leave the local disk ({@link io.tidemark.engine.store.EvictablePages}): their rows stay, and their images come
 * back from {@link io.tidemark.engine.store.ColdPages} when somebody fetches them, the row's or none (rules P1, P2). A read
 * waits for the local disk alone.
 *
 * <p>Files: the page file ({@link io.tidemark.engine.store.PageFileFormat}) and the translation table's directory ({@link
 * io.tidemark.engine.store.PageTableFormat}, in LMDB).
 *
 * <p>Threads: one flushes, one has pages leave, any read, fetch and bring back what is to be changed.
 */
package io.tidemark.engine.store;
