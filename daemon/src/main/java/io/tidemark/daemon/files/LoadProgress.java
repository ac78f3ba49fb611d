package io.tidemark.daemon.files;

/** Hears how a transfer goes on; called from the thread that reads, often. */
@FunctionalInterface
public interface LoadProgress {
    /**
     * @param count records done
     * @param bytes of their values
     * @param ofCount of how many, -1 when unknown
     * @param ofBytes of how many, -1 when unknown
     */
    void at(long count, long bytes, long ofCount, long ofBytes);
}
