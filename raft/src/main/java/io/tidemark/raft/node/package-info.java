/**
 * The parts a {@link io.tidemark.raft.RaftNode} is put together from: one run of Ratis over the engine, the way into its
 * log, linearizable reads, what a leader does, and how a node that fell behind comes back.
 */
package io.tidemark.raft.node;
