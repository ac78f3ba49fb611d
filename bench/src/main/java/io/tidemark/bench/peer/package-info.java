/**
 * The engines that are measured side by side, each behind one small interface: Tidemark, RocksDB, LMDB, H2 MVStore,
 * Berkeley DB JE.
 *
 * <p>What is equal for all:
 *
 * <ul>
 *   <li><b>Memory.</b> One budget: Tidemark's buffer pool, RocksDB's block cache with its memtables charged to it, the
 *       caches of MVStore and JE. A quarter of it may hold writes that are not in their final place yet, where an engine
 *       has such a setting. LMDB has none: it reads the page cache in place. The page cache of the system is shared by
 *       all and not limited.
 *   <li><b>Integrity.</b> After a kill or a power cut each comes back to a state that it once had; no flag that gives
 *       that up is set.
 *   <li><b>{@link io.tidemark.bench.peer.KeyValueEngine#put put} and {@code delete}</b> are logged and not synced.
 *       Tidemark and RocksDB hand each write to the system at once, so that a kill of the process loses none; the others
 *       may lose the last moment, because their own way of not syncing keeps it in the process.
 *   <li><b>{@link io.tidemark.bench.peer.KeyValueEngine#transaction transaction}</b> is synced before it returns.
 *   <li>Compression is off everywhere, checksums as by default (LMDB has none).
 * </ul>
 *
 * <p>Threads: one calls everything, except {@code transaction}, which any number may call at once. Each engine writes only
 * into the directory that it is given.
 */
package io.tidemark.bench.peer;
