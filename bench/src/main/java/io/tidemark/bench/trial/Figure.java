package io.tidemark.bench.trial;

/**
 * One row of one trial.
 *
 * @param operations what the row counts
 * @param nanos time that they took, the sync at the end within
 * @param allocatedBytes by the threads that called the engine, on the heap
 * @param writtenBytes handed to the system by the process in write calls meanwhile; for a fill until the store was
 *     closed. -1 when unknown
 * @param putBytes keys and values that were put
 * @param diskBytes what the store took on disk afterwards; -1 where that was not looked at
 * @param note what else must be said, empty for nothing; no tab, no newline
 */
public record Figure(
        Row row,
        long operations,
        long nanos,
        long allocatedBytes,
        long writtenBytes,
        long putBytes,
        long diskBytes,
        String note) {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 8;

    public double perSecond() {
        return operations * 1e9 / nanos;
    }

    public double seconds() {
        return nanos / 1e9;
    }

    public double allocatedPerOperation() {
        return (double) allocatedBytes / operations;
    }

    /** Bytes written per byte put; negative when unknown. */
    public double amplification() {
        return putBytes == 0 || writtenBytes < 0 ? -1 : (double) writtenBytes / putBytes;
    }

    Figure written(long bytes, long disk) {
        return new Figure(row, operations, nanos, allocatedBytes, bytes, putBytes, disk, note);
    }

    Figure noted(String said) {
        return new Figure(row, operations, nanos, allocatedBytes, writtenBytes, putBytes, diskBytes, said);
    }

    String line() {
        return String.join(
                SEPARATOR,
                row.name(),
                Long.toString(operations),
                Long.toString(nanos),
                Long.toString(allocatedBytes),
                Long.toString(writtenBytes),
                Long.toString(putBytes),
                Long.toString(diskBytes),
                note);
    }

    static Figure parse(String line) {
        String[] fields = line.split(SEPARATOR, FIELDS);
        return new Figure(
                Row.valueOf(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                fields[7]);
    }
}
