/**
 * Checkpoints of pages to S3: what the leader of a term cuts, packs and uploads, until a manifest can name it.
 *
 * <p>Guarantees: a checkpoint that is {@link io.tidemark.shipper.checkpoint.CheckpointTerm#ready ready} is in the store
 * whole, its root last; what is not finished when a term ends is abandoned, and the next leader cuts anew from its own
 * state (rule CT2). Naming and announcing is left to the term that ships the log, the only one that puts manifests.
 *
 * <p>Threads: one for {@code CheckpointTerm.step}; the methods that say so may be called from others. Files: a scratch
 * directory that is emptied at every beginning and end, and never synced.
 */
package io.tidemark.shipper.checkpoint;
