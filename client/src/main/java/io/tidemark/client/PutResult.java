package io.tidemark.client;

/** A put that was applied. {@code version.lsn()} is the LSN of the write. */
public record PutResult(Version version) {}
