/**
 * Judges of histories. Pure functions of recorded events: no clock, no process, no thread.
 *
 * <p>{@link io.tidemark.jepsen.checker.LinearizabilityChecker} says whether reads, writes and conditional writes of each
 * key fit into one order that respects real time; {@link io.tidemark.jepsen.checker.VersionOrder} says the same about the
 * LSNs in the answers, across all keys; {@link io.tidemark.jepsen.checker.AcknowledgedWrites} says whether everything
 * acknowledged is there, once.
 */
package io.tidemark.jepsen.checker;
