package io.tidemark.engine.standalone;

/** When a commit returns. */
public enum Durability {
    /** When it survives the loss of power: one sync serves all commits that wait for it. */
    SYNC,
    /** At once. It survives the end of the process, and the loss of power once a later sync has covered it. */
    NONE
}
