package io.tidemark.bench.trial;

/**
 * One row of one trial.
 *
 * @param operations what the row counts
 * @param nanos time that they took, the sync at the end within
 * @param usage meanwhile; the bytes written by a fill until the store was closed, bytes allocated by all threads that
 *     called the engine
 * @param putBytes keys and values that were put
 * @param diskBytes what the store took on disk afterwards; -1 where that was not looked at
 * @param note what else must be said, empty for nothing; no tab, no newline
 */
public record Figure(Row row, long operations, long nanos, Usage usage, long putBytes, long diskBytes, String note) {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 9;

    public double perSecond() {
        return operations * 1e9 / nanos;
    }

    public double seconds() {
        return nanos / 1e9;
    }

    public double cpuMicrosPerOperation() {
        return usage.cpuNanos() / 1e3 / operations;
    }

    public double allocatedPerOperation() {
        return (double) usage.allocatedBytes() / operations;
    }

    /** Bytes written per byte put; negative when unknown. */
    public double writtenPerByte() {
        return putBytes == 0 || usage.writtenBytes() < 0 ? -1 : (double) usage.writtenBytes() / putBytes;
    }

    /** Bytes on disk per byte put; negative when unknown. */
    public double diskPerByte() {
        return putBytes == 0 || diskBytes < 0 ? -1 : (double) diskBytes / putBytes;
    }

    Figure closed(long writtenBytes, long disk) {
        return new Figure(row, operations, nanos, usage.writing(writtenBytes), putBytes, disk, note);
    }

    Figure noted(String said) {
        return new Figure(row, operations, nanos, usage, putBytes, diskBytes, said);
    }

    String line() {
        return String.join(
                SEPARATOR,
                row.name(),
                Long.toString(operations),
                Long.toString(nanos),
                Long.toString(usage.cpuNanos()),
                Long.toString(usage.allocatedBytes()),
                Long.toString(usage.writtenBytes()),
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
                new Usage(Long.parseLong(fields[3]), Long.parseLong(fields[4]), Long.parseLong(fields[5])),
                Long.parseLong(fields[6]),
                Long.parseLong(fields[7]),
                fields[8]);
    }
}
