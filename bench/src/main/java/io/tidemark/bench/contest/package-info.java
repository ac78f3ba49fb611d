/**
 * Engines side by side: the same trials for each, in turns, each in a fresh process and a fresh directory.
 *
 * <p>In every round each engine does each scenario once, and the order of the engines moves on by one from round to round,
 * so that a slow spell of the machine meets all. Ratios are taken within a round. A limit of time bounds the whole; what it
 * cuts off is counted and said.
 *
 * <p>One thread, and one child process at a time. Writes below the directory it is given, and removes what it wrote.
 */
package io.tidemark.bench.contest;
