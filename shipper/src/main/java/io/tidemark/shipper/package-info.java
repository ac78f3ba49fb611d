/**
 * Turns the committed log into immutable objects in S3 and moves the mark behind which Raft may forget.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>An {@code AdvanceHighWater} is proposed only for entries whose segment is in S3, looked at, and named by a
 *       manifest that is in S3. So no node's S3_HWM is ahead of what S3 can prove.
 *   <li>Only entries at or below {@link io.tidemark.shipper.LogSource#lastShippable} are shipped. Committed entries are
 *       the same for every leader, so a stale leader's objects can be cut differently and never say anything else.
 *   <li>At rest nothing is written: the log's own bookkeeping makes no segment (rule M3).
 *   <li>With S3 away nothing advances, nothing is lost, and memory holds one segment at most.
 * </ul>
 *
 * <p>{@link io.tidemark.shipper.SegmentStore} is for whoever keeps or copies segments without a node.
 *
 * <p>Threads: one per term of leadership, owned by {@link io.tidemark.shipper.Shipper}; {@link
 * io.tidemark.shipper.ShippingTerm} has no thread and can be stepped by hand.
 *
 * <p>Objects: {@code <history>/history.json}, {@code <history>/log/<first>-<last>.seg}, {@code
 * <history>/manifest/<mark>-<n>.json}.
 */
package io.tidemark.shipper;
