package io.tidemark.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * A disk in memory that forgets, tears and reorders what is not synced, deterministically. Bytes are lost by sectors of
 * 512 bytes, each keeping any content that it had since the last sync; created, renamed and deleted names are lost until
 * their directory is synced. Directories themselves are durable at once, as {@link Disk} says.
 *
 * <p>Two ways to crash it. {@link #crashAt} cuts the power before the n-th operation: {@link SimulatedCrash} is thrown
 * there and at every use after it. {@link #beforeOperation} calls back before each operation while the run goes on;
 * {@link #crashImage} may be taken there, or at any time, and costs little: images share the sectors.
 *
 * <p>An operation is whatever changes the disk: creating, writing, truncating, syncing, renaming, deleting. Thread-safe.
 */
public final class SimulatedDisk implements Disk {
    private static final long UNLIMITED = 1L << 40;

    private final Map<Path, SimulatedDirectory> directories = new HashMap<>();
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashed;
    private LongConsumer beforeOperation = number -> {};
    private long capacityBytes = UNLIMITED;
    private final List<Fault> faults = new ArrayList<>();
    private FaultPlan plan = FaultPlan.NONE;

    /** What can fail, once, with an {@link IOException}. */
    public enum Failing {
        READ,
        WRITE,
        /** The kernel then takes the unsynced bytes for clean: a later sync succeeds and keeps nothing. */
        SYNC
    }

    private record Fault(Failing what, String nameContains) {}

    /** Cuts the power before operation {@code number}; the first ever is 1. */
    public synchronized SimulatedDisk crashAt(long number) {
        crashAt = number;
        return this;
    }

    /** Operations begun so far. */
    public synchronized long operations() {
        return operations;
    }

    public synchronized boolean crashed() {
        return crashed;
    }

    /** Called with the number of each operation before it is done; it may take images but must not change the disk. */
    public synchronized SimulatedDisk beforeOperation(LongConsumer callback) {
        beforeOperation = callback;
        return this;
    }

    /** The next operation of this kind on a file whose path contains the string fails with EIO. */
    public synchronized SimulatedDisk failNext(Failing what, String nameContains) {
        faults.add(new Fault(what, nameContains));
        return this;
    }

    /** Calls fail as the plan says from now on; images know of none. */
    public synchronized SimulatedDisk faults(FaultPlan next) {
        plan = next;
        return this;
    }

    private void failAsPlanned(FaultPlan.Call call) throws IOException {
        if (plan.hits(call)) {
            throw plan.error();
        }
    }

    /** Files may grow to this many bytes in all; past it writes fail with ENOSPC. */
    public synchronized SimulatedDisk capacity(long bytes) {
        capacityBytes = bytes;
        return this;
    }

    /** Turns one bit of a file, also where it is safe: rot, not a torn write. */
    public synchronized void flipBit(Path path, long position, int bit) {
        file(path).flipBit(position, bit);
    }

    /** A new disk as a power cut now may leave this one, which is not changed. */
    public synchronized SimulatedDisk crashImage(CrashMode mode, Random random) {
        // Sources of neighbouring seeds begin alike; their images should not.
        Random spread = mode == CrashMode.RANDOM ? new Random((random.nextLong() * 0x9E3779B97F4A7C15L) >>> 7) : random;
        SimulatedDisk image = new SimulatedDisk();
        Map<SimulatedFile, SimulatedFile> left = new HashMap<>();
        directories.forEach((path, names) -> image.directories.put(
                path,
                names.afterCrash(
                        mode, spread, file -> left.computeIfAbsent(file, each -> each.afterCrash(mode, spread)))));
        image.capacityBytes = capacityBytes;
        return image;
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        requirePower();
        SimulatedDirectory directory = directory(path.getParent());
        SimulatedFile file = directory.seen.get(name(path));
        failAsPlanned(file == null ? FaultPlan.Call.CREATE : FaultPlan.Call.OTHER);
        if (file == null) {
            begin();
            file = new SimulatedFile();
            directory.change(null, name(path), file);
        }
        return new Handle(path, file);
    }

    @Override
    public synchronized void createDirectories(Path path) {
        requirePower();
        for (Path each = path; each != null; each = each.getParent()) {
            directories.computeIfAbsent(each, made -> new SimulatedDirectory());
        }
    }

    @Override
    public synchronized List<String> list(Path path) {
        requirePower();
        SimulatedDirectory directory = directories.get(path);
        return directory == null ? List.of() : List.copyOf(directory.seen.keySet());
    }

    @Override
    public synchronized boolean exists(Path path) {
        requirePower();
        SimulatedDirectory directory = directories.get(path.getParent());
        return directories.containsKey(path) || (directory != null && directory.seen.containsKey(name(path)));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        requirePower();
        if (directory(path.getParent()).seen.containsKey(name(path))) {
            begin();
            failAsPlanned(FaultPlan.Call.OTHER);
            directory(path.getParent()).change(name(path), null, null);
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        begin();
        failAsPlanned(FaultPlan.Call.OTHER);
        if (!from.getParent().equals(to.getParent())) {
            throw new IOException("the simulated disk renames within a directory only: " + from + " to " + to);
        }
        if (directories.containsKey(from)) {
            renameDirectory(from, to);
        } else {
            directory(from.getParent()).change(name(from), name(to), file(from));
        }
    }

    /** Durable at once, as a directory that is made: that it may be lost is that the power went before. */
    private void renameDirectory(Path from, Path to) throws IOException {
        SimulatedDirectory there = directories.get(to);
        if (there != null && !there.seen.isEmpty()) {
            throw new IOException("directory not empty: " + to);
        }
        for (Path each : List.copyOf(directories.keySet())) {
            if (each.startsWith(from)) {
                directories.put(to.resolve(from.relativize(each)), directories.remove(each));
            }
        }
    }

    @Override
    public synchronized void syncDirectory(Path path) throws IOException {
        begin();
        fail(Failing.SYNC, path);
        failAsPlanned(FaultPlan.Call.NAMES);
        directory(path).sync();
    }

    @Override
    public synchronized long usableBytes(Path path) {
        requirePower();
        return capacityBytes - usedBytes();
    }

    private long usedBytes() {
        return directories.values().stream()
                .flatMap(directory -> directory.seen.values().stream())
                .mapToLong(SimulatedFile::size)
                .sum();
    }

    private void begin() {
        requirePower();
        operations++;
        beforeOperation.accept(operations);
        if (operations >= crashAt) {
            crashed = true;
            requirePower();
        }
    }

    private void requirePower() {
        if (crashed) {
            throw new SimulatedCrash("power cut before operation " + crashAt);
        }
    }

    private void fail(Failing what, Path path) throws IOException {
        for (Iterator<Fault> each = faults.iterator(); each.hasNext(); ) {
            Fault fault = each.next();
            if (fault.what == what && path.toString().contains(fault.nameContains)) {
                each.remove();
                throw new IOException("Input/output error");
            }
        }
    }

    private SimulatedDirectory directory(Path path) throws IOException {
        SimulatedDirectory directory = directories.get(path);
        if (directory == null) {
            throw new IOException("no such directory: " + path);
        }
        return directory;
    }

    private SimulatedFile file(Path path) {
        SimulatedDirectory directory = directories.get(path.getParent());
        SimulatedFile file = directory == null ? null : directory.seen.get(name(path));
        if (file == null) {
            throw new IllegalArgumentException("no such file: " + path);
        }
        return file;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final SimulatedFile file;

        Handle(Path path, SimulatedFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                requirePower();
                fail(Failing.READ, path);
                failAsPlanned(FaultPlan.Call.READ);
                return file.read(target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                fail(Failing.WRITE, path);
                if (plan.hits(FaultPlan.Call.WRITE)) {
                    int bytes = plan.bytesWritten(source.remaining());
                    file.write(source.slice(source.position(), bytes), position);
                    throw plan.error();
                }
                long growth = position + source.remaining() - file.size();
                if (capacityBytes < UNLIMITED && growth > 0 && usedBytes() + growth > capacityBytes) {
                    throw new IOException("No space left on device");
                }
                file.write(source, position);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                try {
                    fail(Failing.SYNC, path);
                    failAsPlanned(FaultPlan.Call.SYNC);
                } catch (IOException e) {
                    file.forgetUnsynced();
                    throw e;
                }
                file.sync();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                failAsPlanned(FaultPlan.Call.OTHER);
                file.truncate(size);
            }
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                requirePower();
                return file.size();
            }
        }

        @Override
        public void close() {
            // Nothing is kept per handle, and a process that lost its power closes nothing.
        }
    }
}
