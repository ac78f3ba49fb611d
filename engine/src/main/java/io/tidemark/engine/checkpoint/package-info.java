/**
 * How changed pages reach the disk, and how redo work stays bounded.
 *
 * <p>{@link io.tidemark.engine.checkpoint.Flusher} is one step: at an entry boundary it pins some of the pages that have
 * been dirty longest and notes applied LSN, term, chain and where redo would begin without them; then, with readers and
 * writer going on, it copies the pages as they were at the boundary, syncs the WAL through that LSN and gives the copies
 * and the checkpoint to the page store, which commits them together (rule P5); then WAL files below the redo start go. A
 * checkpoint is nothing but enough of these steps.
 *
 * <p>{@link io.tidemark.engine.checkpoint.Cleaner} is a thread that takes steps while too many frames are dirty or too
 * much WAL would have to be redone, and has {@link io.tidemark.engine.checkpoint.HotTier} keep the pages on the local disk
 * within their budget; {@link io.tidemark.engine.checkpoint.WalSyncer} is a thread that syncs the WAL for
 * everyone who has asked, together. Neither changes a page (rule E6). An engine without threads takes its steps when it
 * is told to.
 */
package io.tidemark.engine.checkpoint;
