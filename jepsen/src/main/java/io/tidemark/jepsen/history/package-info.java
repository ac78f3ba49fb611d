/**
 * What a workload asked and what it was told, in real time order.
 *
 * <p>A {@link io.tidemark.jepsen.history.Recorder} writes events down while a run goes on, from any thread; the index of
 * an event is its place in the order of recording. A {@link io.tidemark.jepsen.history.History} is what can be read
 * afterwards. Files are JSON lines in the shape of Jepsen's, and can be exported as EDN, so that other checkers can judge
 * the same run ({@code docs/testing.md}).
 */
package io.tidemark.jepsen.history;
