/**
 * What there is, and where: histories as S3 lists them ({@link io.tidemark.shipper.catalog.HistoryReader}), and the tiers of
 * a node's segments ({@link io.tidemark.shipper.catalog.TierCatalog}).
 *
 * <p>Guarantees: the newest manifest is the last in order; segments are found by listing and any set that covers is
 * right (rule X2), across the forks of a history's ancestors. What is missing or damaged is named, never skipped. A tier
 * catalog is consistent with one commit after any crash, and can be made again from S3.
 *
 * <p>A reader of histories keeps no files and one object in memory at a time; the catalog is LMDB's, in a directory of its
 * own. Thread-safe like their stores.
 */
package io.tidemark.shipper.catalog;
