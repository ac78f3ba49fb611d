package io.tidemark.daemon.process;

/** How a process came to be down. */
public enum StopOutcome {
    /** There was none. */
    NOT_RUNNING,
    /** It ended by itself when asked. */
    STOPPED,
    /** It did not end in time and was killed; it recovers at its next start. */
    KILLED
}
