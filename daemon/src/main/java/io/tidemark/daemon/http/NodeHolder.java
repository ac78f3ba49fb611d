package io.tidemark.daemon.http;

/** The node behind the port, which may change while the port is open: first one that is starting, then the real one. */
final class NodeHolder {
    private volatile NodeService node;

    NodeHolder(NodeService node) {
        this.node = node;
    }

    NodeService get() {
        return node;
    }

    void set(NodeService next) {
        node = next;
    }
}
