/**
 * What stands between Ratis and the hazards that it does not see itself.
 *
 * <p>{@link io.tidemark.raft.guard.TargetGuard} refuses requests meant for another incarnation (rule L3), {@link
 * io.tidemark.raft.guard.PatientLogAppender} keeps a leader from telling healthy followers to install (hazard R11),
 * {@link io.tidemark.raft.guard.Formation} decides whether this node may make a new Raft log (hazard R5), {@link
 * io.tidemark.raft.guard.RaftFiles} reads and moves Ratis' files by name.
 */
package io.tidemark.raft.guard;
