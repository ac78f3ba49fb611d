/**
 * The embedded engine: {@link io.tidemark.engine.Engine} puts the parts together and is what other modules open.
 *
 * <p>One thread applies entries in order. Any number of threads read, each at a published entry boundary, and so see the
 * state of a complete entry (rule E5): {@link io.tidemark.engine.ReaderSlots} is where the two agree. Readers take no
 * lock for what is in memory; they wait at most for the end of one brief entry. Beside them work a cleaner and a WAL sync
 * thread ({@link io.tidemark.engine.checkpoint}), two that read ahead of scans, and one for each digest that the log asks
 * for. The order of locks: one flush at a time, then the entry boundary, then the pool's.
 *
 * <p>Its caller owns an ordered log and gives it the entries, in order ({@link io.tidemark.engine.StorageEngine}); who has
 * no log takes {@link io.tidemark.engine.standalone.Store}.
 *
 * <pre>{@code
 * try (Engine engine = Engine.open(directory, options, new MetricRegistry(), Halt.THROW)) {
 *     long lsn = engine.state().applied() + 1; // the log goes on where the engine is
 *     Operation put = new Operation.Put("files", key("a"), amount(1), Precondition.NONE);
 *     byte[] payload = EntryCodec.encode(new Entry(System.currentTimeMillis(), List.of(Command.of(put))));
 *     List<Reply> replies = engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload));
 *     assertEquals(Reply.Status.OK, replies.get(0).status());
 *     engine.updateLowWaterMark(lsn); // no other entry will ever have this LSN
 *     assertEquals(
 *             1, amount(engine.read("files", key("a"), lsn).orElseThrow().value()));
 *     engine.requestSync().join();
 *     assertTrue(engine.durableLsn() >= lsn); // the log may forget it now
 * }
 * }</pre>
 *
 * <p>Files of an engine's directory: {@code wal/} (log files), {@code pages.dat} (page slots), {@code table/} (LMDB).
 */
package io.tidemark.engine;
