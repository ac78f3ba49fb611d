package io.tidemark.jepsen.nemesis;

import java.util.List;

/** Nodes as an {@link Operator} sees them. */
interface Nodes {

    List<String> names();

    boolean alive(String node);

    boolean ready(String node);

    /** What a node says that lives and is not ready, and the last that one said which is dead. */
    String words(String node);

    /** Has a node read all that it has: false if it finds some of it damaged; true if not, or if it did not say in time. */
    boolean readsAll(String node);

    /** Starts nodes that are down; does not wait until they are ready. */
    void start(List<String> nodes);

    /** Ends it, and leaves traces of what it was doing. */
    void kill(String node);

    /** Of a node that is down. */
    void removeDirectory(String node);
}
