/**
 * Processes that a measurement starts, and what Linux says about them: CPU time by thread, resident memory.
 *
 * <p>A child ends when its standard input closes, so that none outlives the measurement, however that ends. Reads
 * {@code /proc}; where there is none, CPU and memory are reported as unknown and the measurement goes on.
 */
package io.tidemark.bench.process;
