package io.tidemark.jepsen.cluster;

import java.util.List;

/** The links between nodes that run in namespaces of their own. Used by one thread at a time. */
public interface Links {

    /** From now on nothing that {@code from} sends reaches {@code to}; nobody is told. The other direction stays. */
    void cut(String from, String to);

    /** Ends {@link #cut}; does nothing if the direction is whole. */
    void join(String from, String to);

    /** Everything that a node sends and gets passes at this rate at most, and waits before it. */
    void slow(String node, int kilobitsPerSecond);

    /** Ends {@link #slow}; does nothing if the node is not slow. */
    void quicken(String node);

    /** Cuts both directions between all of one side and all of the other. */
    default void separate(List<String> side, List<String> other) {
        for (String here : side) {
            for (String there : other) {
                cut(here, there);
                cut(there, here);
            }
        }
    }
}
