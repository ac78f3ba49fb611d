package io.tidemark.bench.load;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running cluster that takes writes. */
public interface Target extends AutoCloseable {

    /** As it stands in the report. */
    String name();

    /** One write; completes when a majority has it on disk. Neither array is changed by anyone. */
    CompletableFuture<?> write(byte[] key, byte[] value);

    /**
     * Between rows: lets go of what the row before left behind (log files), and waits, for a bounded time, until the
     * cluster does nothing. No write is in flight.
     *
     * @return whether it came to rest in time
     */
    boolean rest();

    /** The processes, in the order of their names. */
    List<Node> nodes();

    /** The node that leads now. */
    Node leader();

    @Override
    void close();

    /**
     * @param name as the cluster calls it
     * @param pid of its process
     */
    record Node(String name, long pid) {}
}
