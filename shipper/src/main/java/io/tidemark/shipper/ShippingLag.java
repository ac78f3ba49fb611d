package io.tidemark.shipper;

import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.pace.Pace;
import java.util.ArrayDeque;

/**
 * How far S3 is behind what is applied here: clients' entries only, so it is exactly 0 at rest (rule M3). Entries that
 * arrive close together are counted together; such a group counts until all of it is shipped, so the answer may be too
 * large by one group and is never too small. Memory: one small record per group. Thread-safe.
 */
public final class ShippingLag {
    private static final long GROUP_BYTES = 256 << 10;
    private static final long GROUP_MILLIS = 100;

    private final Pace pace;
    private final ArrayDeque<Group> groups = new ArrayDeque<>();
    private long shipped;
    private long bytes;
    private long entries;

    /**
     * @param entries of clients, unshipped
     * @param bytes of their payloads
     * @param oldestMillis since the oldest of them was applied here, 0 when there is none
     */
    public record Lag(long entries, long bytes, long oldestMillis) {}

    /** @param shipped the shipped mark now */
    public ShippingLag(Pace pace, long shipped) {
        this.pace = pace;
        this.shipped = shipped;
    }

    /** The entry was applied here, in order; one that is shipped already is ignored, as are the log's own. */
    public void applied(LogEntry entry) {
        if (!Bookkeeping.holds(entry)) {
            add(entry.lsn(), entry.payload().length);
        }
    }

    private synchronized void add(long lsn, long payloadBytes) {
        if (lsn <= shipped) {
            return;
        }
        long now = pace.millis();
        Group group = groups.peekLast();
        if (group == null || group.bytes >= GROUP_BYTES || now - group.millis >= GROUP_MILLIS) {
            group = new Group(now);
            groups.addLast(group);
        }
        group.last = lsn;
        group.bytes += payloadBytes;
        group.entries++;
        bytes += payloadBytes;
        entries++;
    }

    /** The shipped mark moved; a lower one is ignored. */
    public synchronized void shipped(long mark) {
        shipped = Math.max(shipped, mark);
        while (!groups.isEmpty() && groups.peekFirst().last <= shipped) {
            Group done = groups.removeFirst();
            bytes -= done.bytes;
            entries -= done.entries;
        }
    }

    public synchronized Lag lag() {
        Group oldest = groups.peekFirst();
        return new Lag(entries, bytes, oldest == null ? 0 : Math.max(0, pace.millis() - oldest.millis));
    }

    private static final class Group {
        private final long millis;
        private long last;
        private long bytes;
        private long entries;

        Group(long millis) {
            this.millis = millis;
        }
    }
}
