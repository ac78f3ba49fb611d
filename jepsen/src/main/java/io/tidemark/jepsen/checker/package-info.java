/**
 * Judges of histories. Pure functions of recorded events: no process, no thread, and of the clock only whether the time
 * allowed is used up.
 *
 * <p>Each workload has one {@link io.tidemark.jepsen.checker.Checker}, named in
 * {@link io.tidemark.jepsen.checker.Checkers}. A {@link io.tidemark.jepsen.checker.Verdict} is valid, invalid or unknown; what
 * was not decided within the {@link io.tidemark.jepsen.checker.Limits} is never valid.
 *
 * <p>{@link io.tidemark.jepsen.checker.AcknowledgedWrites} judges chains of conditional writes against the rows at the end:
 * whether everything acknowledged is there, once.
 */
package io.tidemark.jepsen.checker;
