/**
 * Bringing a store back to its last complete entry after a crash or a clean close.
 *
 * <p>{@link io.tidemark.engine.restart.Analysis} reads the checkpoint; {@link io.tidemark.engine.restart.Redo} repeats
 * history from its redo start to the end of the WAL, with the code that made it. Nothing has to be undone yet: a command
 * checks before it changes, and an entry is in the WAL whole or not at all. Local files are enough: a page that had left is
 * back before the first block that changes it is there (rule CT1).
 */
package io.tidemark.engine.restart;
