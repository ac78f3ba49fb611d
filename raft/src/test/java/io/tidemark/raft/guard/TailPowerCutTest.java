package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.zip.CRC32C;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log as Ratis' thread writes, rolls, cuts and purges it, on a disk that loses, tears and reorders; its record kept by
 * {@link TailWatch}. Wherever the power is cut, the node is fit, and has what it acknowledged.
 */
class TailPowerCutTest {
    private static final Path NODE = Path.of("/node");
    private static final UUID GROUP = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final Path CURRENT =
            NODE.resolve("raft").resolve(GROUP.toString()).resolve("current");

    @TempDir
    Path real;

    private final ScheduledExecutorService idle = Executors.newSingleThreadScheduledExecutor();
    private final SimulatedDisk disk = new SimulatedDisk();
    private final TreeMap<Long, Long> log = new TreeMap<>();
    private final TreeMap<Long, Long> ends = new TreeMap<>();
    private final DurableTail tail = new DurableTail(disk, NODE);
    private long term = 1;
    private long first;
    private long written = -1;
    private long synced = -1;
    private long committed = -1;
    private long applied = -1;
    private boolean rolled = true;
    private TailWatch watch;
    private int images;

    /** Takes no tasks: the test itself says when the record is looked after. */
    TailPowerCutTest() {
        idle.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void l5_aPowerCutAtAnyPointLeavesAHealthyNodeFit(long seed) throws IOException {
        Random random = new Random(seed);
        disk.createDirectories(CURRENT);
        watch = watch();
        startFile(0);
        disk.beforeOperation(number -> {
            if (random.nextInt(3) == 0) {
                crash(new Random(seed * 1_000_003 + number));
            }
        });
        for (int step = 0; step < 120; step++) {
            step(random);
        }
        assertTrue(images > 100, images + " images");
    }

    private TailWatch watch() {
        TailWatch made = new TailWatch(
                tail, () -> applied, idle, (reason, cause) -> new TidemarkException(ErrorKind.FATAL, reason, cause));
        made.attach(new TailWatch.Log() {
            @Override
            public long synced() {
                return synced;
            }

            @Override
            public TermIndex at(long index) {
                Long at = log.get(index);
                return at == null ? null : TermIndex.valueOf(at, index);
            }
        });
        return made;
    }

    private void step(Random random) throws IOException {
        int what = random.nextInt(20);
        if (what < 10) {
            append(1 + random.nextInt(4));
            if (random.nextInt(4) > 0) {
                sync();
            }
        } else if (what < 14) {
            watch.look();
            committed = Math.max(committed, synced - random.nextInt(6));
            applied = committed;
        } else if (what < 16) {
            roll();
        } else if (what < 18) {
            cut(committed + 1 + random.nextInt(4));
        } else {
            purge();
        }
    }

    private Path open() {
        return CURRENT.resolve("log_inprogress_" + first);
    }

    private void startFile(long index) throws IOException {
        first = index;
        ends.put(index - 1, 8L);
        try (DiskFile file = disk.open(open())) {
            file.write(ByteBuffer.allocate(2048), 0);
            file.write(ByteBuffer.wrap("RaftLog1".getBytes(StandardCharsets.US_ASCII)), 0);
            file.sync();
        }
        rolled = true;
    }

    private void append(int count) throws IOException {
        try (DiskFile file = disk.open(open())) {
            for (int i = 0; i < count; i++) {
                byte[] entry = RatisLog.entry(term, written + 1, (int) ((written + 1) % 90))
                        .toByteArray();
                ByteBuffer record = ByteBuffer.allocate(2 + entry.length + 4);
                if (entry.length > 127) {
                    record.put((byte) (entry.length & 0x7f | 0x80)).put((byte) (entry.length >> 7));
                } else {
                    record.put((byte) entry.length);
                }
                record.put(entry);
                CRC32C crc = new CRC32C();
                crc.update(record.array(), 0, record.position());
                record.putInt((int) crc.getValue()).flip();
                long at = ends.get(written);
                file.write(record, at);
                written++;
                ends.put(written, at + record.limit());
                log.put(written, term);
            }
        }
    }

    /** As Ratis does: it tells, syncs, and only then counts. */
    private void sync() throws IOException {
        if (written == synced) {
            return;
        }
        if (rolled) {
            disk.syncDirectory(CURRENT);
        }
        watch.syncing(written, rolled);
        try (DiskFile file = disk.open(open())) {
            file.sync();
        }
        rolled = false;
        synced = written;
    }

    private void roll() throws IOException {
        sync();
        if (written < first) {
            return;
        }
        try (DiskFile file = disk.open(open())) {
            file.truncate(ends.get(written));
        }
        disk.rename(open(), CURRENT.resolve("log_" + first + "-" + written));
        startFile(written + 1);
    }

    /** A new leader has other entries from here on. The old ones count as synced until the cut is made. */
    private void cut(long from) throws IOException {
        if (from > written || !log.containsKey(from)) {
            return;
        }
        sync();
        long old = written;
        log.tailMap(from, true).clear();
        var asked = watch.truncating(
                from, log.containsKey(from - 1) ? TermIndex.valueOf(log.get(from - 1), from - 1) : null);
        watch.look();
        term++;
        List<Long> starts = new ArrayList<>();
        for (String name : disk.list(CURRENT)) {
            starts.add(RaftFiles.firstIndexOf(CURRENT.resolve(name)));
        }
        starts.sort(null);
        for (long start : starts) {
            if (start >= from) {
                disk.delete(fileFrom(start));
            }
        }
        for (long start : starts) {
            if (start < from && from <= old && lastOf(start) >= from) {
                Path path = fileFrom(start);
                try (DiskFile file = disk.open(path)) {
                    file.truncate(ends.get(from - 1));
                }
                disk.rename(path, CURRENT.resolve("log_" + start + "-" + (from - 1)));
            }
        }
        written = from - 1;
        synced = written;
        try {
            asked.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        ends.tailMap(from, true).clear();
        startFile(from);
    }

    private long lastOf(long start) throws IOException {
        return RaftFiles.lastIndexOf(fileFrom(start)).orElse(Long.MAX_VALUE);
    }

    private Path fileFrom(long start) throws IOException {
        for (String name : disk.list(CURRENT)) {
            if (RaftFiles.firstIndexOf(CURRENT.resolve(name)) == start) {
                return CURRENT.resolve(name);
            }
        }
        throw new AssertionError("no file from " + start);
    }

    /** The oldest file first, as Ratis does; the disk may keep the names in any order. */
    private void purge() throws IOException {
        List<Path> closed = new ArrayList<>();
        for (String name : disk.list(CURRENT)) {
            Path path = CURRENT.resolve(name);
            if (RaftFiles.lastIndexOf(path).orElse(Long.MAX_VALUE) <= applied) {
                closed.add(path);
            }
        }
        closed.sort(Comparator.comparingLong(RaftFiles::firstIndexOf));
        for (Path path : closed) {
            disk.delete(path);
        }
    }

    private void crash(Random random) {
        CrashMode mode = random.nextInt(4) == 0 ? CrashMode.ALL : CrashMode.RANDOM;
        SimulatedDisk image = disk.crashImage(mode, random);
        Path to = real.resolve("image" + images++);
        try {
            dump(image, NODE, to);
            dump(image, CURRENT, to.resolve(NODE.relativize(CURRENT)));
            RaftFiles files = new RaftFiles(to.resolve("raft"), GROUP);
            DurableTail left = new DurableTail(new RealDisk(), to);
            new LogCheck(files, left, to.resolve("aside"), RatisLog.ENTRY_BYTES_MAX).check(applied, applied);
            long end = -1;
            for (Path path : files.inOrder()) {
                int entries = RatisLog.entriesToRatis(path);
                assertTrue(entries >= 0, "Ratis refuses " + path);
                assertTrue(end < 0 || RaftFiles.firstIndexOf(path) == end + 1, "a gap before " + path);
                end = RaftFiles.firstIndexOf(path) + entries - 1;
                assertEquals(RaftFiles.lastIndexOf(path).orElse(end), end, path.toString());
            }
            assertTrue(Math.max(end, applied) >= Math.min(synced, committed), "kept " + end + " of " + committed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnfitException e) {
            throw new AssertionError(
                    "image " + images + " of a healthy node in " + to + ", applied " + applied + ", synced " + synced,
                    e);
        }
    }

    private static void dump(SimulatedDisk image, Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : image.list(from)) {
            try (DiskFile file = image.open(from.resolve(name))) {
                ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
                file.read(bytes, 0);
                Files.write(to.resolve(name), bytes.array());
            }
        }
    }

    @Test
    void l5_asMuchAsWasBelievedBeforeACutIsNotBelievedAfterIt() throws IOException {
        disk.createDirectories(CURRENT);
        watch = watch();
        startFile(0);
        append(10);
        sync();
        watch.look();
        assertEquals(9, tail.read().orElseThrow().index());
        log.tailMap(5L, true).clear();
        var asked = watch.truncating(5, TermIndex.valueOf(1, 4));
        assertEquals(4, tail.read().orElseThrow().index());
        // New entries are in the log already, and the number of the old ones still stands.
        for (long index = 5; index < 10; index++) {
            log.put(index, 2L);
        }
        watch.look();
        watch.syncing(9, false);
        watch.look();
        assertEquals(4, tail.read().orElseThrow().index());
        synced = 4;
        asked.whenComplete((done, failure) -> {});
    }
}
