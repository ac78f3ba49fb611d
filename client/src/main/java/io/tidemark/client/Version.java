package io.tidemark.client;

/**
 * The place of one command in the log: the version of a record, and the id of a session.
 *
 * @param lsn LSN of the entry, -1 in {@link #NONE}
 * @param index position of the command in the entry, from 0
 */
public record Version(long lsn, int index) implements Comparable<Version> {
    /** The version of what does not exist. */
    public static final Version NONE = new Version(-1, 0);

    @Override
    public int compareTo(Version other) {
        int byLsn = Long.compare(lsn, other.lsn);
        return byLsn != 0 ? byLsn : Integer.compare(index, other.index);
    }

    /** The form in headers and JSON: {@code lsn.index}. */
    @Override
    public String toString() {
        return lsn + "." + index;
    }
}
