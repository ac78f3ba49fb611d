/**
 * The local write-ahead log: what a page needs to be brought up to date after a crash.
 *
 * <p>Guarantees: one block per log entry, whole or not there at all; after {@code sync}, everything appended survives a
 * power cut; recovery ends exactly at the last whole block, cuts what is behind it, and tells a tear from damage as far
 * as that can be told (rules W1, W2). It owns the redo chain and, where others compare it, remembers its values beyond
 * the life of the WAL files (rule W3).
 *
 * <p>Files, all in one directory: {@code <first LSN>.wal} ({@link io.tidemark.engine.wal.WalFormat}) and, for WAL files
 * that are gone, {@code <LSN>.chains} ({@link io.tidemark.engine.wal.ChainFile}).
 *
 * <p>Threads: one appends; another may sync and drop files meanwhile; any reads the marks and the chain.
 */
package io.tidemark.engine.wal;
