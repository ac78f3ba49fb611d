package io.tidemark.daemon.cluster;

import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the node of an address is now, by {@code cluster.json} as it is at the moment: a node may be moved while the others
 * run. Reads the file again when it has changed, looking at most twice a second. Thread-safe.
 */
public final class AddressBook implements UnaryOperator<String> {
    private static final Logger LOG = LoggerFactory.getLogger(AddressBook.class);
    private static final long LOOK_NANOS = 500_000_000;

    private final Path file;
    private final LongSupplier nanoClock;
    private ClusterFile cluster;
    private FileTime read;
    private long lookedNanos;

    public AddressBook(Path file, ClusterFile cluster, LongSupplier nanoClock) {
        this.file = file;
        this.cluster = cluster;
        this.nanoClock = nanoClock;
        this.lookedNanos = nanoClock.getAsLong();
    }

    /** The present address, which is the given one unless its node has moved; null for null. */
    @Override
    public String apply(String address) {
        return address == null ? null : cluster().now(address);
    }

    /** The cluster's file as it is at the moment; as it was, while it cannot be read. */
    public synchronized ClusterFile cluster() {
        long now = nanoClock.getAsLong();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            look();
        }
        return cluster;
    }

    private void look() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(read)) {
                ClusterFile found = ClusterFile.read(file);
                if (found.cluster().equals(cluster.cluster())) {
                    cluster = found;
                }
                read = changed;
            }
        } catch (IOException | TidemarkException e) {
            LOG.debug("{} cannot be read now: {}", file, e.getMessage());
        }
    }
}
