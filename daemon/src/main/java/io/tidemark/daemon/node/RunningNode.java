package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.raft.RaftNode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node's process has opened, closed in the reverse order. Thread-safe. */
final class RunningNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile NodeParts parts;
    private boolean closed;

    /** From now on it is closed with the rest. */
    synchronized void own(AutoCloseable part) {
        if (closed) {
            close(part);
        } else {
            opened.push(part);
        }
    }

    RaftNode start(NodeParts of, IdentityFile identity) {
        own(of);
        parts = of;
        RaftNode node = RaftNode.start(of.options(identity));
        own(node);
        return node;
    }

    /** Closes the node, and leaves what was opened before it. */
    synchronized void closeNode() {
        while (!opened.isEmpty() && (opened.peek() instanceof RaftNode || opened.peek() instanceof NodeParts)) {
            close(opened.pop());
        }
    }

    /** What S3 answered last when that was an error, else null. */
    String s3Error() {
        NodeParts now = parts;
        return now == null ? null : now.s3Error();
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!opened.isEmpty()) {
            close(opened.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.error("{} did not close: {}", part.getClass().getSimpleName(), e.getMessage(), e);
        }
    }
}
