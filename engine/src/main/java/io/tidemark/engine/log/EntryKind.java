package io.tidemark.engine.log;

/** What an entry of the log carries. The code is part of the segment format. */
public enum EntryKind {
    /** An {@link Entry}: commands of clients or of the cluster itself. */
    COMMANDS(1),
    /** The consensus layer's own membership entry; payload = its encoding of the configuration. */
    CONFIGURATION(2),
    /** The consensus layer's own bookkeeping; takes an LSN and means nothing to the engine. */
    METADATA(3);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static EntryKind of(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown entry kind " + code);
    }
}
