/**
 * Clusters as real processes, broken on purpose, and the proof that nothing was lost.
 *
 * <p>A test here starts three daemons through the command line, keeps them busy through the client, strikes them with a
 * {@link io.tidemark.jepsen.nemesis.Nemesis}, and judges what happened by a recorded
 * {@link io.tidemark.jepsen.history.History}. While it runs, an {@link io.tidemark.jepsen.cluster.InvariantWatch} polls
 * every node and fails the test at the first mark that goes back or stands where it must not.
 *
 * <p>Files: everything of a test lives in one temporary directory; logs, statuses and histories of a failed test are
 * copied to {@code target/jepsen/<test>/}. Processes: only such as were started here are ever signalled, by process id,
 * and only while their command line still names the test's own directory.
 */
package io.tidemark.jepsen;
