/**
 * Does the cluster say the same everywhere? {@code verify} writes one {@code ObserveContents} command, so that every
 * node remembers the digest of its contents at that LSN, waits until all nodes have applied it and S3 has it, and then
 * compares: the nodes' redo chains, the nodes' contents, and the history in S3, every object and every checksum, replayed
 * to a digest of its own. Nothing but that one command is written.
 */
package io.tidemark.daemon.verify;
