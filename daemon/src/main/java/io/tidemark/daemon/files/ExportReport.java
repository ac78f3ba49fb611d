package io.tidemark.daemon.files;

/**
 * What an export did.
 *
 * @param written files
 * @param bytes of them
 * @param emptyDirectories made for keys that end with a slash
 * @param firstLsn LSN of the state that the first page was read in, -1 for no page
 * @param lastLsn of the last; another one means that the keyspace may have changed in between
 * @param refused keys that are no paths, or stand in each other's way
 */
public record ExportReport(
        long written, long bytes, long emptyDirectories, long firstLsn, long lastLsn, Refusals refused) {}
