package io.tidemark.shipper.store;

/**
 * How bytes travel; checked once.
 *
 * @param connections kept open at most, by all threads together; default 16
 * @param multipartBytes an object so large goes in parts; at least {@code partBytes}; default 64 MiB
 * @param partBytes of one part; 5 MiB, the least that S3 takes, to 1 GiB; default 16 MiB
 * @param parallelParts parts of one object under way at once; default 4
 * @param uploadBytesPerSecond on average, 0 for no limit. One request still goes as fast as the line does
 * @param downloadBytesPerSecond likewise
 * @param staleUploadHours an upload in parts that was begun so long ago, and not completed, is given up; default 24
 */
public record S3Transfer(
        int connections,
        long multipartBytes,
        int partBytes,
        int parallelParts,
        long uploadBytesPerSecond,
        long downloadBytesPerSecond,
        long staleUploadHours) {
    /** The least that S3 takes for any part but the last. */
    public static final int PART_BYTES_MIN = 5 << 20;

    public static S3Transfer defaults() {
        return new S3Transfer(16, 64 << 20, 16 << 20, 4, 0, 0, 24);
    }

    public S3Transfer {
        S3Options.require(connections >= 2, "at least 2 connections are needed", connections);
        S3Options.require(partBytes >= PART_BYTES_MIN && partBytes <= 1 << 30, "a part has 5 MiB to 1 GiB", partBytes);
        S3Options.require(
                multipartBytes >= partBytes,
                "an object that goes in parts has at least one part, " + partBytes + " bytes",
                multipartBytes);
        S3Options.require(
                parallelParts >= 1 && parallelParts < connections,
                "parts under way at once are at least 1 and fewer than the " + connections + " connections",
                parallelParts);
        S3Options.require(
                uploadBytesPerSecond == 0 || uploadBytesPerSecond >= 1 << 10,
                "a limit to uploads is at least 1 KiB/s; 0 is none",
                uploadBytesPerSecond);
        S3Options.require(
                downloadBytesPerSecond == 0 || downloadBytesPerSecond >= 1 << 10,
                "a limit to downloads is at least 1 KiB/s; 0 is none",
                downloadBytesPerSecond);
        S3Options.require(staleUploadHours >= 1, "uploads are stale after at least 1 hour", staleUploadHours);
    }
}
