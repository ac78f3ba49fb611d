package io.tidemark.engine.log;

/** What must hold for a command to change anything. */
public sealed interface Precondition {
    Precondition NONE = new None();
    Precondition ABSENT = new Absent();

    record None() implements Precondition {}

    /** The key does not exist. */
    record Absent() implements Precondition {}

    /** The key exists and was last set at this version. */
    record VersionIs(Version version) implements Precondition {}
}
