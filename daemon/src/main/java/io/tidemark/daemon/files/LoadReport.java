package io.tidemark.daemon.files;

/**
 * What a load did.
 *
 * @param stored records acknowledged
 * @param bytes of their values
 * @param lastLsn greatest LSN of them, -1 for none
 * @param links how many were reached through a symbolic link
 * @param emptyDirectories how many of the records stand for empty directories
 * @param skipped what is neither file nor directory
 * @param refused what was asked to be left out: too large, not readable, malformed
 */
public record LoadReport(
        long stored, long bytes, long lastLsn, long links, long emptyDirectories, Refusals skipped, Refusals refused) {}
