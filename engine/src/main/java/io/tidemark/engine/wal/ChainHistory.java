package io.tidemark.engine.wal;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Chain values by LSN, without gaps, in eight bytes each: from the last forgotten to the last appended. Thread-safe; an
 * addition allocates only when the ring doubles.
 */
final class ChainHistory implements Chains {
    private long[] ring = new long[16];
    private long first;
    private long end;

    @Override
    public synchronized void start(long lsn, long chain) {
        first = lsn;
        end = lsn;
        add(lsn, chain);
    }

    /** Values from {@code lsn} on, ending just before what is already here. */
    synchronized void prepend(long lsn, long[] chains) {
        int kept = (int) (end - first);
        long[] all = new long[Integer.highestOneBit(Math.max(chains.length + kept, 8)) * 2];
        for (int i = 0; i < chains.length; i++) {
            all[slot(lsn + i, all.length)] = chains[i];
        }
        for (long at = first; at < end; at++) {
            all[slot(at, all.length)] = ring[slot(at, ring.length)];
        }
        ring = all;
        first = lsn;
    }

    @Override
    public synchronized void add(long lsn, long chain) {
        if (lsn != end) {
            throw new IllegalStateException("the chain after LSN " + lsn + " comes where that of " + end + " belongs");
        }
        if (end - first == ring.length) {
            long[] larger = new long[ring.length * 2];
            for (long at = first; at < end; at++) {
                larger[slot(at, larger.length)] = ring[slot(at, ring.length)];
            }
            ring = larger;
        }
        ring[slot(end, ring.length)] = chain;
        end++;
    }

    @Override
    public synchronized OptionalLong at(long lsn) {
        return lsn >= first && lsn < end ? OptionalLong.of(ring[slot(lsn, ring.length)]) : OptionalLong.empty();
    }

    /** The values from {@code from} to {@code to}, both included; those that are forgotten are left out. */
    synchronized long[] range(long from, long to) {
        long start = Math.max(from, first);
        long[] values = new long[(int) Math.max(0, Math.min(to + 1, end) - start)];
        Arrays.setAll(values, i -> ring[slot(start + i, ring.length)]);
        return values;
    }

    synchronized long first() {
        return first;
    }

    @Override
    public synchronized void forgetBelow(long lsn) {
        first = Math.max(first, Math.min(lsn, end - 1));
    }

    private static int slot(long lsn, int length) {
        return (int) lsn & (length - 1);
    }
}
