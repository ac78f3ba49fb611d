/**
 * What Ratis sees of the engine: a state machine that applies each agreed entry exactly once, in order.
 *
 * <p>Threads: Ratis' updater thread applies; nothing here blocks it. Any exception while applying ends the process
 * (hazard R14): a node that cannot apply what the others applied must not go on.
 */
package io.tidemark.raft.machine;
