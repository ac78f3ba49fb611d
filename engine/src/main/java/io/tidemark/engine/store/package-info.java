/**
 * Pages on the local disk, never overwritten in place.
 *
 * <p>Guarantees: a flush of any number of pages with its checkpoint is there as a whole after a crash, or not at all; a
 * read returns the page that its row names, by id, LSN and CRC, or fails with {@code CORRUPT} (rules P1, P3-P5).
 *
 * <p>Files: the page file ({@link io.tidemark.engine.store.PageFileFormat}) and the translation table's directory ({@link
 * io.tidemark.engine.store.PageTableFormat}, in LMDB).
 *
 * <p>Threads: one flushes, any read.
 */
package io.tidemark.engine.store;
