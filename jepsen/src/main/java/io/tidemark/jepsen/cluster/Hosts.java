package io.tidemark.jepsen.cluster;

import java.util.List;

/** Where the nodes of a cluster run, and how they reach one another. */
public interface Hosts extends AutoCloseable {

    /** Names of the nodes, in order. */
    List<String> names();

    /** In words, for a report. */
    String description();

    /** Address at which a node listens; reachable from all nodes and from here. */
    String address(String node);

    /** Address of this process as the nodes reach it. */
    String gateway();

    /** A port for a node; distinct for distinct numbers. */
    int port(int number);

    /** What to put before a command that shall run on a node's host. */
    List<String> enter(String node);

    /** The links between the nodes, to be broken; null if all share one loopback device. */
    Links links();

    @Override
    void close();

    /** Namespaces if this machine allows them, else loopback. */
    static Hosts open(int nodes) {
        List<String> names = java.util.stream.IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> "n" + i)
                .toList();
        Namespaces.sweep();
        return Namespaces.open(names).map(Hosts.class::cast).orElseGet(() -> new Loopback(names));
    }
}
