package io.tidemark.bench.trial;

/**
 * What a process has used: up to a moment, or between two.
 *
 * @param cpuNanos of all its threads
 * @param allocatedBytes on the heap by the calling thread
 * @param writtenBytes handed to the system in write calls; -1 when unknown
 */
public record Usage(long cpuNanos, long allocatedBytes, long writtenBytes) {
    Usage since(Usage before) {
        return new Usage(
                cpuNanos - before.cpuNanos,
                allocatedBytes - before.allocatedBytes,
                writtenBytes < 0 ? -1 : writtenBytes - before.writtenBytes);
    }

    Usage allocating(long bytes) {
        return new Usage(cpuNanos, bytes, writtenBytes);
    }

    Usage writing(long bytes) {
        return new Usage(cpuNanos, allocatedBytes, bytes);
    }
}
