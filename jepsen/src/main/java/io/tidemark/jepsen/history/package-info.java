/**
 * What a workload asked and what it was told, in real time order.
 *
 * <p>A history is a list of events, written as JSON lines so that other checkers can read it. Appending is thread safe;
 * the index of an event is its place in the order of appending.
 */
package io.tidemark.jepsen.history;
