package io.tidemark.engine.log;

/**
 * The place of one command in the log: versions of records, ids of sessions and reply tokens are all of this form
 * (rule E1).
 *
 * @param lsn LSN of the entry
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

    /** Reads {@link #toString()}'s form; {@link IllegalArgumentException} names what was found instead. */
    public static Version parse(String text) {
        int dot = text.indexOf('.');
        try {
            return new Version(Long.parseLong(text, 0, dot, 10), Integer.parseInt(text, dot + 1, text.length(), 10));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("a version is LSN.INDEX, for example 42.0, not '" + text + "'", e);
        }
    }
}
