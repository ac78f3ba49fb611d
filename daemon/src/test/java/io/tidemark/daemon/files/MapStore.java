package io.tidemark.daemon.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A cluster as load and export see it, in memory. */
final class MapStore implements Writes, Reads {
    private static final int PAGE = 3;

    final NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
    long lsn;
    int failFrom = Integer.MAX_VALUE;
    private int started;

    @Override
    public CompletableFuture<Long> put(byte[] key, byte[] value) {
        if (started++ >= failFrom) {
            return CompletableFuture.failedFuture(new IllegalStateException("no leader"));
        }
        // Not at once, so that a load which does not wait for what is on its way loses it.
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (this) {
                        map.put(key, value);
                        return lsn++;
                    }
                },
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    @Override
    public Page page(byte[] from) {
        NavigableMap<byte[], byte[]> rest = from == null ? map : map.tailMap(from, true);
        List<Item> items = new ArrayList<>();
        byte[] next = null;
        for (var entry : rest.entrySet()) {
            if (items.size() == PAGE) {
                next = entry.getKey();
                break;
            }
            items.add(new Item(entry.getKey(), entry.getValue()));
        }
        return new Page(items, next, lsn);
    }
}
