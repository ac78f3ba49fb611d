/**
 * Tiers of log segments on one node: HOT and WARM have a copy on its disk, COLD is in S3 only. Begin at {@link
 * io.tidemark.shipper.tier.SegmentTiers}; {@link io.tidemark.shipper.tier.TieredStore} puts them in front of the store that
 * everything on a node reads segments from.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A copy is an expendable convenience: S3 has every segment. It is used only if its SHA-256 is right, and goes only
 *       when S3 has shown that it has the object.
 *   <li>Copies take no more than their bytes, and make way when the disk is short; those kept by hand stay.
 *   <li>What was archived or restored by hand is so after any crash, and at the next look.
 * </ul>
 *
 * <p>Files: {@code segments/<history>@<first>-<last>.seg} in the node's directory, byte for byte the object (decrypted), and
 * {@code segments/catalog/}, LMDB's. Either may be lost.
 *
 * <p>Threads: one, {@link io.tidemark.shipper.tier.TierWork}; readers come on their own.
 */
package io.tidemark.shipper.tier;
