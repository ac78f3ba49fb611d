/**
 * The replicated state beside the users' keyspaces, and what each command does to it.
 *
 * <p>The interpreter takes one log entry and changes the trees through {@link io.tidemark.engine.state.Trees}.
 * Everything that must be equal on every node at an LSN lives in rows of system trees (rule P7): the shipped mark, the
 * history, the term history, Raft's configuration, incarnations and the log's clock in {@code sys.state}; client
 * sessions in {@code sys.sessions}. What is kept in memory here is a cache of those rows, rebuilt at open. Only the
 * applying thread comes here.
 */
package io.tidemark.engine.state;
