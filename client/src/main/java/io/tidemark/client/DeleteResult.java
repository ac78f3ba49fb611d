package io.tidemark.client;

/**
 * A delete that was applied.
 *
 * @param existed whether there was something to delete
 * @param version place of the delete in the log; {@link Version#NONE} when nothing existed and none was needed
 */
public record DeleteResult(boolean existed, Version version) {}
