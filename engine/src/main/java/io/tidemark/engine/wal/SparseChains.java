package io.tidemark.engine.wal;

import java.util.Arrays;
import java.util.OptionalLong;

/** Chain values of a log whose LSNs have gaps, in sixteen bytes each. Thread-safe. */
final class SparseChains implements Chains {
    private long[] lsns = new long[16];
    private long[] chains = new long[16];
    private int first;
    private int end;

    @Override
    public synchronized void start(long lsn, long chain) {
        first = 0;
        end = 0;
        add(lsn, chain);
    }

    @Override
    public synchronized void add(long lsn, long chain) {
        if (end == lsns.length) {
            makeRoom();
        }
        lsns[end] = lsn;
        chains[end] = chain;
        end++;
    }

    private void makeRoom() {
        int kept = end - first;
        int length = kept > lsns.length / 2 ? 2 * lsns.length : lsns.length;
        lsns = Arrays.copyOf(Arrays.copyOfRange(lsns, first, end), length);
        chains = Arrays.copyOf(Arrays.copyOfRange(chains, first, end), length);
        first = 0;
        end = kept;
    }

    @Override
    public synchronized OptionalLong at(long lsn) {
        int found = Arrays.binarySearch(lsns, first, end, lsn);
        return found < 0 ? OptionalLong.empty() : OptionalLong.of(chains[found]);
    }

    @Override
    public synchronized void forgetBelow(long lsn) {
        int found = Arrays.binarySearch(lsns, first, end, lsn);
        first = Math.min(found < 0 ? -found - 1 : found, end - 1);
    }
}
