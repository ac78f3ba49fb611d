/**
 * The Java client of a Tidemark cluster. Begin at {@link io.tidemark.client.TidemarkClient}.
 *
 * <p>The way of a write: {@code TidemarkClient.put} checks limits and waits for room ({@code Budget}), {@code
 * WritePipeline} numbers it within a {@code Session} and joins it with its neighbours ({@code BatchQueue}), {@code
 * Attempts} sends the batch to the leader, and to others until one answers, {@code Transport} is one HTTP/1.1 request. The
 * session's numbers are what makes a batch sent twice apply once (rule E9).
 *
 * <p>Threads: a few carry the connections, run what hangs on the answers and keep time; all are daemon threads. No files.
 */
package io.tidemark.client;
