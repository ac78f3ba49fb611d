/**
 * The embedded engine: {@link io.tidemark.engine.Engine} puts the parts together and is what other modules open.
 *
 * <p>One thread applies entries in order and holds the engine's lock exclusively while it changes the pages of one; any
 * number of threads read, each holding the lock shared for one record or one bounded piece of a scan, and so see the
 * state of a complete entry (rule E5). A cleaner thread and a WAL sync thread work beside them ({@link
 * io.tidemark.engine.checkpoint}). The order of locks: one flush at a time, then the engine's lock, then the pool's.
 *
 * <p>Files of an engine's directory: {@code wal/} (log files), {@code pages.dat} (page slots), {@code table/} (LMDB).
 */
package io.tidemark.engine;
