package io.tidemark.jepsen.cluster;

import java.util.List;

/** All nodes on this machine's loopback device, on free ports; their links cannot be broken. */
public record Loopback(List<String> names) implements Hosts {

    private static final String ADDRESS = "127.0.0.1";

    /** Copies the names. */
    public Loopback {
        names = List.copyOf(names);
    }

    @Override
    public String description() {
        return "all nodes on the loopback device (this machine lets us make no network namespaces)";
    }

    @Override
    public String address(String node) {
        return ADDRESS;
    }

    @Override
    public String gateway() {
        return ADDRESS;
    }

    @Override
    public int port(int number) {
        return TrialStore.freePort();
    }

    @Override
    public List<String> enter(String node) {
        return List.of();
    }

    @Override
    public Links links() {
        return null;
    }

    @Override
    public void close() {
        // the loopback device stays
    }
}
