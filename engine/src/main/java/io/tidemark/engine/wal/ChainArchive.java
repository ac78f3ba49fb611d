package io.tidemark.engine.wal;

import io.tidemark.engine.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The chain values of WAL files that are gone, one {@link ChainFile} each, until nobody asks for them any more. Its
 * callers take turns.
 */
final class ChainArchive {
    private final Disk disk;
    private final Path directory;

    /** First LSN to last LSN of each chain file. */
    private final TreeMap<Long, Long> kept = new TreeMap<>();

    ChainArchive(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Removes what a log has kept that was opened otherwise before. A crash may bring it back; the next start removes it. */
    static void remove(Disk disk, Path directory) throws IOException {
        for (String name : disk.list(directory)) {
            if (ChainFile.firstLsn(name).isPresent()) {
                disk.delete(directory.resolve(name));
            }
        }
    }

    /**
     * Adds to {@code chains} the values just before what it holds. A file that is damaged, or that does not lead up to
     * what is known, is passed over: a crash while it was written may have left it beside a whole one of earlier LSNs.
     */
    void load(ChainHistory chains) throws IOException {
        List<Long> firsts = new ArrayList<>();
        disk.list(directory).forEach(name -> ChainFile.firstLsn(name).ifPresent(firsts::add));
        Collections.reverse(firsts);
        for (long first : firsts) {
            long[] values = ChainFile.read(disk, directory, first);
            int count = values == null ? 0 : values.length;
            kept.put(first, first + Math.max(count, 1) - 1);
            // One whose WAL file did not go after all says nothing new, and may be torn.
            if (first < chains.first()) {
                prepend(chains, first, values);
            }
        }
    }

    private static void prepend(ChainHistory chains, long first, long[] values) {
        long known = chains.first();
        if (values == null || known - first >= values.length) {
            return;
        }
        // The history knows the chain at its own first LSN: the archive has to agree.
        int before = (int) (known - first);
        if (values[before] != chains.at(known).orElseThrow()) {
            return;
        }
        chains.prepend(first, Arrays.copyOf(values, before));
    }

    /** Writes the values of a WAL file that is about to go, unless they are forgotten already. */
    void keep(ChainHistory chains, long firstLsn, long lastLsn) throws IOException {
        if (lastLsn < chains.first()) {
            return;
        }
        // One value earlier, so that each file can be told to continue the one before.
        long first = Math.max(Math.max(firstLsn - 1, 0), chains.first());
        ChainFile.write(disk, directory, first, chains.range(first, lastLsn));
        kept.put(first, lastLsn);
    }

    /** Removes files that hold nothing from {@code lsn} on. A crash may bring them back; the next call removes them. */
    void dropForgotten(long lsn) throws IOException {
        for (Map.Entry<Long, Long> oldest = kept.firstEntry();
                oldest != null && oldest.getValue() < lsn;
                oldest = kept.firstEntry()) {
            disk.delete(ChainFile.path(directory, oldest.getKey()));
            kept.pollFirstEntry();
        }
    }
}
