/**
 * When this node's Raft log lets go: {@link io.tidemark.raft.retention.LogRetention} moves Raft's low water mark to the
 * shipped mark, never past it, and only once this node's engine is durable past the entry that announced it (rules M1,
 * L1).
 */
package io.tidemark.raft.retention;
