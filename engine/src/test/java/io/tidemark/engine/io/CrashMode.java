package io.tidemark.engine.io;

/** What a power cut leaves of that which was not synced. */
public enum CrashMode {
    /** Nothing. */
    NONE,
    /** Everything, as after the death of the process alone. */
    ALL,
    /** Any part: sectors in any order and of any age since the last sync, names that were or were not changed. */
    RANDOM
}
