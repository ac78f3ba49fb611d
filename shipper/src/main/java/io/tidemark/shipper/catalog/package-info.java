/**
 * Which objects hold which part of a history: the newest manifest, the line of ancestors, and the segments that cover a
 * range of LSNs, found by listing (rule X2).
 *
 * <p>Only reads. Knows nothing between calls, so any thread may ask and every answer is as fresh as the store's.
 */
package io.tidemark.shipper.catalog;
