/**
 * A cluster of real processes: started and stopped through the command line, watched through HTTP, struck by signals.
 *
 * <p>{@link io.tidemark.jepsen.cluster.Cluster} guarantees that whatever it started is gone when it is closed, and also
 * when this JVM ends. It signals a process only while that process' command line names the cluster's directory, so a
 * recycled process id can never hit a stranger.
 *
 * <p>Threads: an {@link io.tidemark.jepsen.cluster.InvariantWatch} has one poller per node; everything else runs in the
 * caller's thread and is bounded in time.
 */
package io.tidemark.jepsen.cluster;
