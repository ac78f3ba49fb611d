/**
 * A node of the cluster: the engine follows the log that Ratis agrees on.
 *
 * <p>{@link io.tidemark.raft.RaftNode} is the face to the daemon. Guarantees: every agreed entry reaches the engine once
 * and in order; a write is answered when it is applied here; nothing leaves this node's log before S3 has it and this
 * node's engine is durable past the entry that said so. Files: {@code engine/}, {@code raft/}, {@code formed} and {@code
 * aside/} in the node's directory.
 */
package io.tidemark.raft;
