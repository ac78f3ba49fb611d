package io.tidemark.jepsen.nemesis;

/** One kind of blow. Used by one thread; {@link #heal} follows each {@link #strike}, also one that failed. */
public interface Nemesis {

    /** Its name in histories. */
    String name();

    /** Strikes, and says whom or what. */
    String strike();

    /** Makes whole again what the last strike broke; does nothing if there was none. */
    void heal();

    /** What the last {@link #heal} took, if that tells something about the product; else empty. */
    default String remedy() {
        return "";
    }
}
