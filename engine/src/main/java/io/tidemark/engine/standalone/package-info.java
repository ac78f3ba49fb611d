/**
 * The engine in one process, with transactions and no log of the caller's own.
 *
 * <p>{@link io.tidemark.engine.standalone.Store} owns the log: every operation is an entry with the next LSN, given under
 * one lock (rule T2), and the engine's WAL makes commits durable, one sync for all that wait. Reads take no entry and no
 * lock.
 *
 * <pre>{@code
 * try (Store store = Store.open(directory, StoreOptions.defaults())) {
 *     store.put("accounts", key("ann"), amount(70));
 *     WriteBatch batch = new WriteBatch().put("accounts", key("bob"), amount(30));
 *     store.write(batch.delete("accounts", key("cid"))); // both or none
 *     long moved = store.transact(tx -> {
 *         long ann = amount(tx.getForUpdate("accounts", key("ann")).orElseThrow());
 *         long bob = amount(tx.getForUpdate("accounts", key("bob")).orElseThrow());
 *         tx.put("accounts", key("ann"), amount(ann - 20));
 *         tx.put("accounts", key("bob"), amount(bob + 20));
 *         return 20L;
 *     });
 *     try (Snapshot snapshot = store.snapshot()) {
 *         store.delete("accounts", key("bob"));
 *         byte[] bob = snapshot.get("accounts", key("bob")).orElseThrow().value();
 *         assertEquals(30 + moved, amount(bob)); // and so it stays for this reader
 *     }
 * }
 * }</pre>
 *
 * <p>A transaction reads what is committed at the moment, and its own changes. It never waits for another: what another
 * holds is a {@link io.tidemark.engine.standalone.ConflictException}, at once, and so is a write to a key that has changed
 * since the transaction read it. {@link io.tidemark.engine.standalone.Store#transact} then takes everything back and tries
 * again. Who has to rely on what was only read asks for it with {@code getForUpdate} or {@code lockRange}.
 *
 * <p>A process that ends in the middle leaves no transaction open: at the next open those that had not committed are taken
 * back by new entries before anybody sees the store. Threads: any, and many at a time; one transaction is used by one
 * thread at a time. Files: those of the engine, and {@code lock}.
 */
package io.tidemark.engine.standalone;
