/**
 * One node as a process: opens what its directory holds, joins the cluster when it holds nothing, serves, and ends
 * cleanly on SIGTERM.
 *
 * <p>A process has one directory, and a directory one process: {@link io.tidemark.engine.io.DirectoryLock}. A state
 * that cannot be explained ends the process at once with exit code 70 ({@code Halt}); its log says why in its last lines.
 */
package io.tidemark.daemon.node;
