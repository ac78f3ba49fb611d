package io.tidemark.engine.io;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The bytes of a simulated file, twice: as a reader sees them, and as a power cut would surely leave them. Sectors are
 * never changed once made, so that a crash image shares those of the disk it was taken from. Guarded by its disk.
 */
final class SimulatedFile {
    static final int SECTOR_BYTES = 512;

    private static final byte[] ZEROS = new byte[SECTOR_BYTES];
    private static final byte[][] EMPTY = new byte[0][];

    private byte[][] seen;
    private long seenBytes;
    private byte[][] safe;
    private long safeBytes;

    /** Whether an image shares the array (not only the sectors) of {@link #seen} or {@link #safe}. */
    private boolean shared;

    /** Each sector written since the last sync, with every content it had meanwhile, the first being what is safe. */
    private final Map<Integer, List<byte[]>> unsynced = new HashMap<>();

    /** Each size that the file had since the last sync, the first being the safe one. */
    private final List<Long> sizes = new ArrayList<>();

    SimulatedFile() {
        this(EMPTY, 0);
    }

    private SimulatedFile(byte[][] sectors, long bytes) {
        seen = sectors;
        safe = sectors;
        seenBytes = bytes;
        safeBytes = bytes;
        shared = true;
    }

    long size() {
        return seenBytes;
    }

    int read(ByteBuffer target, long position) {
        int length = (int) Math.max(0, Math.min(target.remaining(), seenBytes - position));
        int left = length;
        long at = position;
        while (left > 0) {
            int within = (int) (at % SECTOR_BYTES);
            int part = Math.min(left, SECTOR_BYTES - within);
            target.put(sector(seen, (int) (at / SECTOR_BYTES)), within, part);
            at += part;
            left -= part;
        }
        return length;
    }

    void write(ByteBuffer source, long position) {
        long at = position;
        resize(Math.max(seenBytes, position + source.remaining()));
        while (source.hasRemaining()) {
            int index = (int) (at / SECTOR_BYTES);
            int within = (int) (at % SECTOR_BYTES);
            int part = Math.min(source.remaining(), SECTOR_BYTES - within);
            byte[] changed = sector(seen, index).clone();
            source.get(changed, within, part);
            change(index, changed);
            at += part;
        }
    }

    void truncate(long size) {
        if (size >= seenBytes) {
            return;
        }
        int within = (int) (size % SECTOR_BYTES);
        int index = (int) (size / SECTOR_BYTES);
        if (within > 0) {
            change(index, Arrays.copyOf(Arrays.copyOf(sector(seen, index), within), SECTOR_BYTES));
            index++;
        }
        for (; index < seen.length; index++) {
            if (seen[index] != null && seen[index] != ZEROS) {
                change(index, ZEROS);
            }
        }
        resize(size);
    }

    void sync() {
        unshare();
        if (safe.length < seen.length) {
            safe = Arrays.copyOf(safe, seen.length);
        }
        for (int index : unsynced.keySet()) {
            safe[index] = seen[index];
        }
        safeBytes = seenBytes;
        forgetUnsynced();
    }

    /** What the kernel does when a write-back fails: the pages count as clean, and are nowhere but in memory. */
    void forgetUnsynced() {
        unsynced.clear();
        sizes.clear();
    }

    void flipBit(long position, int bit) {
        unshare();
        int index = (int) (position / SECTOR_BYTES);
        byte[] flipped = sector(seen, index).clone();
        flipped[(int) (position % SECTOR_BYTES)] ^= (byte) (1 << bit);
        seen[index] = flipped;
        if (index < safe.length && !unsynced.containsKey(index)) {
            safe[index] = flipped;
        }
    }

    /** The file as a power cut now may leave it. */
    SimulatedFile afterCrash(CrashMode mode, Random random) {
        shared = true;
        return switch (mode) {
            case NONE -> new SimulatedFile(safe, safeBytes);
            case ALL -> new SimulatedFile(seen, seenBytes);
            case RANDOM -> unsynced.isEmpty() && sizes.isEmpty() ? new SimulatedFile(safe, safeBytes) : torn(random);
        };
    }

    private SimulatedFile torn(Random random) {
        byte[][] kept = Arrays.copyOf(safe, Math.max(safe.length, seen.length));
        int likely = random.nextInt(5);
        unsynced.forEach((index, contents) -> {
            if (random.nextInt(4) < likely) {
                boolean last = random.nextBoolean();
                kept[index] = contents.get(last ? contents.size() - 1 : random.nextInt(contents.size()));
            }
        });
        long bytes = safeBytes;
        if (!sizes.isEmpty()) {
            bytes = random.nextBoolean() ? seenBytes : sizes.get(random.nextInt(sizes.size()));
            if (random.nextInt(4) == 0 && bytes > safeBytes) {
                bytes = safeBytes + random.nextInt((int) (bytes - safeBytes) + 1);
            }
        }
        return new SimulatedFile(cutAt(kept, bytes), bytes);
    }

    /** Past its size a file holds zeros, which show when it grows again. */
    private static byte[][] cutAt(byte[][] sectors, long bytes) {
        int within = (int) (bytes % SECTOR_BYTES);
        int index = (int) (bytes / SECTOR_BYTES);
        if (within > 0 && index < sectors.length && sectors[index] != null) {
            sectors[index] = Arrays.copyOf(Arrays.copyOf(sectors[index], within), SECTOR_BYTES);
            index++;
        }
        if (index < sectors.length) {
            Arrays.fill(sectors, index, sectors.length, null);
        }
        return sectors;
    }

    private void change(int index, byte[] content) {
        unshare();
        if (index >= seen.length) {
            seen = Arrays.copyOf(seen, Math.max(index + 1, seen.length * 2));
        }
        List<byte[]> contents = unsynced.get(index);
        if (contents == null) {
            contents = new ArrayList<>(2);
            contents.add(sector(safe, index));
            unsynced.put(index, contents);
        }
        contents.add(content);
        seen[index] = content;
    }

    private void resize(long size) {
        if (size != seenBytes) {
            if (sizes.isEmpty()) {
                sizes.add(safeBytes);
            }
            sizes.add(size);
            seenBytes = size;
        }
    }

    private void unshare() {
        if (shared) {
            seen = seen.clone();
            safe = safe.clone();
            shared = false;
        }
    }

    private static byte[] sector(byte[][] sectors, int index) {
        byte[] sector = index < sectors.length ? sectors[index] : null;
        return sector == null ? ZEROS : sector;
    }
}
