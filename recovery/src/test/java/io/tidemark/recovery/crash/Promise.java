package io.tidemark.recovery.crash;

/**
 * What a crash must leave.
 *
 * @param durable greatest LSN that was ever reported durable: no crash may come back below it
 * @param applied last complete entry: none may come back above it
 */
record Promise(long durable, long applied) {}
