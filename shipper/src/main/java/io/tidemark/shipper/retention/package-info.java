/**
 * What of the past is kept in S3, and what goes: when the floor may rise, which objects somebody still needs, and which are
 * garbage (rules CT6, X3).
 *
 * <p>Guarantees: what {@link io.tidemark.shipper.retention.Garbage} names is needed by no state that any history in the
 * store promises, and never will be: whoever looks later, or with an older state, finds the same or less. So a leader that
 * was paused, or two at once, remove nothing that somebody needs, and repeating a removal does no harm.
 *
 * <p>Only reads; deciding and removing is left to {@link io.tidemark.shipper.GarbageTerm}. No state; any thread.
 */
package io.tidemark.shipper.retention;
