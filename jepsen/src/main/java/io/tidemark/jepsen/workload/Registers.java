package io.tidemark.jepsen.workload;

/**
 * A session on registers: keys whose values are short strings. Used by one thread at a time. Calls are bounded in time and
 * never throw for what a fault can cause: how a call ended is its answer.
 */
public interface Registers extends AutoCloseable {

    /** How a call ended. */
    enum End {
        /** Done; of a read: seen. */
        DONE,
        /** The condition did not hold: not done. */
        CONDITION_FAILED,
        /** Certainly not done, for another reason. */
        NOT_DONE,
        /** Done, not done, or still to be done. */
        UNKNOWN
    }

    /**
     * An answer.
     *
     * @param end how the call ended
     * @param value of a read: the value, null = absent
     * @param version of a write: its {@code lsn.index}; of a read: that of the value, null = absent
     * @param detail why it was not done, or null
     */
    record Answer(End end, String value, String version, String detail) {

        /** A write that was done. */
        public static Answer written(String version) {
            return new Answer(End.DONE, null, version, null);
        }

        /** A read that saw this. */
        public static Answer seen(String value, String version) {
            return new Answer(End.DONE, value, version, null);
        }

        /** Any other end. */
        public static Answer of(End end, String detail) {
            return new Answer(end, null, null, detail);
        }
    }

    /** Opens sessions. */
    interface Opener {
        /** A new session; {@code process} may be used to choose a node. */
        Registers open(int process);
    }

    /** Reads, linearizably. */
    Answer read(String key);

    /** Writes unconditionally. */
    Answer write(String key, String value);

    /** Writes if the key's version is as given; null = if it is absent. */
    Answer swap(String key, String expectedVersion, String value);

    @Override
    void close();
}
