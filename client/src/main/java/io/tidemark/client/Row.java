package io.tidemark.client;

/** One record of a scan. */
public record Row(byte[] key, byte[] value, Version version) {}
