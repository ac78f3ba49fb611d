/**
 * How client writes become entries: few and full ones.
 *
 * <p>{@link io.tidemark.raft.batch.WriteBatcher} joins the writes that arrive while others are in flight; nothing waits
 * when nothing is. Back-pressure lives here and touches client writes only (rule M5); entries that move marks go to the
 * {@link io.tidemark.raft.batch.EntryProposer} directly.
 */
package io.tidemark.raft.batch;
