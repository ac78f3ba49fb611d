package io.tidemark.jepsen.history;

/**
 * One line of a history.
 *
 * @param index place in the history, from 0, without gaps
 * @param process who asked, or {@link #NEMESIS}; a process whose call ended in {@link Type#INFO} never asks again under
 *     this number
 * @param type beginning or end of a call
 * @param f what was asked: {@code read}, {@code txn} …, the name of a nemesis, or {@link #MARK}
 * @param value what it was asked with, or what was seen: null, a string, a long, a double, a boolean, or lists and maps of
 *     such; each workload says which ({@code docs/testing.md})
 * @param time monotonic nanoseconds since the recorder began
 * @param seen what else the answer carried
 * @param error why a call failed or stayed unclear, or null
 */
public record Event(long index, int process, Type type, String f, Object value, long time, Seen seen, String error) {

    /** Process number of all nemeses; written as {@code "nemesis"}. */
    public static final int NEMESIS = -1;

    /** The {@code f} of a nemesis' line that tells where a node's marks stand. */
    public static final String MARK = "mark";

    /**
     * What an answer carries beside its value. Each may be null.
     *
     * @param version {@code lsn.index} of the value written or read
     * @param lsn LSN of the write, or of the state that was read
     * @param node who answered
     */
    public record Seen(String version, Long lsn, String node) {
        /** Nothing. */
        public static final Seen NOTHING = new Seen(null, null, null);

        /** A version only. */
        public static Seen version(String version) {
            return version == null ? NOTHING : new Seen(version, null, null);
        }

        /** A version and the LSN of the state that was read. */
        public static Seen at(String version, long lsn) {
            return new Seen(version, lsn, null);
        }

        /** An LSN only. */
        public static Seen lsn(long lsn) {
            return new Seen(null, lsn, null);
        }
    }

    /** Copies the value. */
    public Event {
        value = Values.copy(value);
        seen = seen == null ? Seen.NOTHING : seen;
    }

    /** Whether a nemesis did this and no client. */
    public boolean nemesis() {
        return process == NEMESIS;
    }

    /** The {@code lsn.index} of the answer, or null. */
    public String version() {
        return seen.version();
    }

    /** Beginning and the three ends of a call; written in lower case. */
    public enum Type {
        /** A call begins. */
        INVOKE("invoke"),
        /** It was done, and the value is what was seen or written. */
        OK("ok"),
        /** It was certainly not done. */
        FAIL("fail"),
        /** It may have been done, or may still be. */
        INFO("info");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As it stands in a file. */
        public String word() {
            return word;
        }

        /** The type of this name. */
        public static Type of(String word) {
            for (Type type : values()) {
                if (type.word.equals(word)) {
                    return type;
                }
            }
            throw new IllegalArgumentException("an event is invoke, ok, fail or info, not '" + word + "'");
        }
    }
}
