/**
 * Measurements: the disk, a bare Ratis cluster, a Tidemark cluster, both side by side, and parts of the engine alone,
 * and the engine beside other engines.
 *
 * <p>{@code bench/run --help} lists them; each is one command, bounded in time. This is the only place where peers' own
 * libraries may be used. Nothing of the product depends on it.
 */
package io.tidemark.bench;
