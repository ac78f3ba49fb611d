/**
 * The Java client of a Tidemark cluster. Begin at {@link io.tidemark.client.TidemarkClient}.
 *
 * <p>The way of a write: {@code TidemarkClient.put} checks limits and waits for room ({@code Budget}), {@code
 * WritePipeline} numbers it within a {@code Session} and joins it with its neighbours ({@code BatchQueue}), {@code
 * Attempts} sends the batch to the leader, and to others until one answers, {@code Transport} is one HTTP/1.1 request over a
 * {@code ConnectionPool}. The
 * session's numbers are what makes a batch sent twice apply once (rule E9).
 *
 * <p>Threads: one per connection, which are a handful; it reads answers and hands them to callers. Two keep time. All
 * are daemon threads. No files.
 * Dependencies: the JDK and slf4j.
 */
package io.tidemark.client;
