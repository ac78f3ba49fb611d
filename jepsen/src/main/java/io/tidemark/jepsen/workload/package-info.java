/**
 * Loads that know what to expect: registers that many processes read and write, chains of conditional writes, trees of
 * files.
 *
 * <p>A workload speaks to the product only through {@link io.tidemark.jepsen.workload.Registers}, so that a test can plant
 * bugs behind it. It records every call in a {@link io.tidemark.jepsen.history.Recorder} and judges nothing itself. Each
 * process of a workload is one thread with one session.
 */
package io.tidemark.jepsen.workload;
