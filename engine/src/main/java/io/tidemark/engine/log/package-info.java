/**
 * The words of the log: what an entry is, what its commands ask for, what they are answered.
 *
 * <p>Everything here is an immutable value and a function of bytes alone; no thread, no file. {@link
 * io.tidemark.engine.log.EntryCodec} is the format that Raft replicates and segments keep, so it never changes without a
 * new version byte. {@link io.tidemark.engine.log.EntryLimits} is asked before an entry is proposed: what passes there can
 * be applied by every node, for ever (rule E3).
 */
package io.tidemark.engine.log;
