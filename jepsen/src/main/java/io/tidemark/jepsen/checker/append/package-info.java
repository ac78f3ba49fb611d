/**
 * Judges transactions on lists, after Elle.
 *
 * <p>{@link io.tidemark.jepsen.checker.append.ListAppendChecker} parses transactions, {@code Versions} infers the order of
 * appends of each key from the longest list that was read, {@code SimpleAnomalies} finds what one read or one transaction
 * shows, {@code DependencyGraph} draws which transaction came before which, {@code Components} and {@code CycleSearch}
 * find a shortest cycle of each {@code CycleClass}. Linear in the length of the history as long as there is no cycle.
 */
package io.tidemark.jepsen.checker.append;
