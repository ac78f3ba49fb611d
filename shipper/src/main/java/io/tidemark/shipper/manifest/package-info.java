/**
 * The small JSON objects that say what a history holds: {@code <history>/history.json}, put once, and {@code
 * <history>/manifest/<lsn>-<n>.json}, one per advance of the mark; the newest is the last in the order of keys (rule X2).
 *
 * <p>Guarantees: a manifest named in S3 is true, since everything that it names was there before it; a flipped byte in
 * either kind of object is found when it is read. No state, any thread.
 */
package io.tidemark.shipper.manifest;
