package io.tidemark.client;

import java.util.Objects;

/**
 * What must hold for a write to change anything; checked by the cluster at the moment the write is applied.
 *
 * @param kind what is asked
 * @param version the version that the key must have, for {@link Kind#VERSION_IS}; otherwise {@link Version#NONE}
 */
public record Precondition(Kind kind, Version version) {
    private static final Precondition NONE = new Precondition(Kind.NONE, Version.NONE);
    private static final Precondition ABSENT = new Precondition(Kind.ABSENT, Version.NONE);

    /** The code of each is part of the batch format. */
    public enum Kind {
        NONE,
        /** The key does not exist. */
        ABSENT,
        /** The key exists and was last set at this version. */
        VERSION_IS
    }

    public Precondition {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(version, "version");
    }

    public static Precondition none() {
        return NONE;
    }

    public static Precondition absent() {
        return ABSENT;
    }

    public static Precondition versionIs(Version version) {
        return new Precondition(Kind.VERSION_IS, version);
    }
}
