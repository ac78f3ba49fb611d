/**
 * Closed-loop load on a cluster, whichever it is: N writers, each with one write in flight.
 *
 * <p>One thread issues all writes; completions come back to it through a queue and are timed where they arrive, before
 * the queue. Latencies are microseconds in an HdrHistogram.
 */
package io.tidemark.bench.load;
