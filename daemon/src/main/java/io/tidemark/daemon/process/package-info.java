/**
 * The processes of a cluster as the command line sees them: started in sessions of their own, so that Ctrl-C of a
 * terminal reaches only the one who started them; found again by their pid file, and signalled only when the process of
 * that pid says by its own command line that it is the one (pids are used again).
 *
 * <p>This is the one place that waits by looking again ({@link io.tidemark.daemon.process.Poll}).
 */
package io.tidemark.daemon.process;
