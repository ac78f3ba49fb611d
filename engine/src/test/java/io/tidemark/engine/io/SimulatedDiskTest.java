package io.tidemark.engine.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulated disk must be able to do the harm that it is there for. */
class SimulatedDiskTest {
    private static final Path DIR = Path.of("/d");
    private static final Path FILE = DIR.resolve("f");

    private final SimulatedDisk disk = new SimulatedDisk();

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private static void write(Disk disk, Path path, long position, String text) throws IOException {
        disk.open(path).write(ByteBuffer.wrap(text.getBytes(US_ASCII)), position);
    }

    private static String read(Disk disk, Path path) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) disk.open(path).size());
        disk.open(path).read(bytes, 0);
        return new String(bytes.array(), US_ASCII);
    }

    private SimulatedDisk after(CrashMode mode, long seed) {
        return disk.crashImage(mode, new Random(seed));
    }

    private void durable(String text) throws IOException {
        write(disk, FILE, 0, text);
        disk.open(FILE).sync();
        disk.syncDirectory(DIR);
    }

    @Test
    void unsyncedBytesAreLostKeptOrTornBySectors() throws IOException {
        String old = "a".repeat(2048);
        durable(old);
        write(disk, FILE, 0, "b".repeat(2048));
        assertEquals(old, read(after(CrashMode.NONE, 0), FILE));
        assertEquals("b".repeat(2048), read(after(CrashMode.ALL, 0), FILE));
        Set<String> torn = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            String text = read(after(CrashMode.RANDOM, seed), FILE);
            for (int at = 0; at < 2048; at += 512) {
                assertEquals(1, text.substring(at, at + 512).chars().distinct().count());
            }
            torn.add(text);
        }
        assertEquals(16, torn.size(), "every subset of four sectors");
    }

    @Test
    void aSectorMayKeepAnyContentThatItHadSinceTheLastSync() throws IOException {
        durable("0");
        write(disk, FILE, 0, "1");
        write(disk, FILE, 0, "2");
        Set<String> kept = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            kept.add(read(after(CrashMode.RANDOM, seed), FILE));
        }
        assertEquals(Set.of("0", "1", "2"), kept);
    }

    @Test
    void sizesAreLostToo() throws IOException {
        durable("abc");
        write(disk, FILE, 3, "d".repeat(1500));
        Set<Integer> sizes = new HashSet<>();
        boolean hole = false;
        for (int seed = 0; seed < 300; seed++) {
            String text = read(after(CrashMode.RANDOM, seed), FILE);
            assertTrue(text.startsWith("abc"));
            sizes.add(text.length());
            hole |= text.indexOf('\0') >= 0;
        }
        assertTrue(sizes.containsAll(Set.of(3, 1503)) && sizes.size() > 3 && hole, sizes + " " + hole);
    }

    @Test
    void whatIsTruncatedMayComeBackUntilSynced() throws IOException {
        durable("a".repeat(1000));
        disk.open(FILE).truncate(10);
        assertEquals(10, read(disk, FILE).length());
        assertEquals("a".repeat(1000), read(after(CrashMode.NONE, 0), FILE));
        disk.open(FILE).sync();
        write(disk, FILE, 600, "z");
        assertEquals("a".repeat(10) + "\0".repeat(590) + "z", read(after(CrashMode.ALL, 0), FILE));
        assertEquals("a".repeat(10), read(after(CrashMode.NONE, 0), FILE));
    }

    @Test
    void namesAreLostUntilTheDirectoryIsSynced() throws IOException {
        write(disk, FILE, 0, "x");
        disk.open(FILE).sync();
        assertEquals(List.of(), after(CrashMode.NONE, 0).list(DIR));
        disk.syncDirectory(DIR);
        disk.rename(FILE, DIR.resolve("g"));
        disk.open(DIR.resolve("h"));
        Set<List<String>> left = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            left.add(after(CrashMode.RANDOM, seed).list(DIR));
        }
        assertEquals(Set.of(List.of("f"), List.of("g"), List.of("f", "h"), List.of("g", "h")), left);
        disk.delete(DIR.resolve("g"));
        assertEquals("x", read(after(CrashMode.NONE, 0), FILE));
        disk.syncDirectory(DIR);
        assertEquals(List.of("h"), after(CrashMode.NONE, 0).list(DIR));
    }

    @Test
    void powerIsCutBeforeTheNthOperationAndStaysOff() throws IOException {
        durable("a");
        disk.crashAt(disk.operations() + 2);
        write(disk, FILE, 0, "b");
        assertThrows(SimulatedCrash.class, () -> disk.open(FILE).sync());
        assertThrows(SimulatedCrash.class, () -> disk.list(DIR));
        assertEquals("a", read(after(CrashMode.NONE, 0), FILE));
        assertEquals("b", read(after(CrashMode.ALL, 0), FILE));
    }

    @Test
    void anImageDoesNotChangeWithTheDiskNorTheDiskWithIt() throws IOException {
        durable("a".repeat(600));
        SimulatedDisk image = after(CrashMode.ALL, 0);
        write(disk, FILE, 0, "b".repeat(600));
        disk.open(FILE).sync();
        assertEquals("a".repeat(600), read(image, FILE));
        write(image, FILE, 0, "c");
        image.flipBit(FILE, 550, 0);
        assertEquals("b".repeat(600), read(disk, FILE));
        String rotten = "a".repeat(549) + "`" + "a".repeat(49);
        assertEquals("c" + rotten, read(image, FILE));
        assertEquals("a" + rotten, read(image.crashImage(CrashMode.NONE, new Random(0)), FILE));
    }

    @Test
    void equalSeedsGiveEqualImages() throws IOException {
        durable("a".repeat(5000));
        write(disk, FILE, 100, "b".repeat(5000));
        for (int seed = 0; seed < 20; seed++) {
            assertEquals(read(after(CrashMode.RANDOM, seed), FILE), read(after(CrashMode.RANDOM, seed), FILE));
        }
    }

    @Test
    void aFailedSyncLosesWhatItShouldHaveKeptAndTheNextOneSucceeds() throws IOException {
        durable("a");
        write(disk, FILE, 0, "b");
        disk.failNext(SimulatedDisk.Failing.SYNC, "f");
        assertThrows(IOException.class, () -> disk.open(FILE).sync());
        disk.open(FILE).sync();
        assertEquals("b", read(disk, FILE));
        assertEquals("a", read(after(CrashMode.NONE, 0), FILE));
    }

    @Test
    void faultsFailOnceAndAFullDiskFailsUntilThereIsRoom() throws IOException {
        durable("abc");
        disk.failNext(SimulatedDisk.Failing.READ, "f").failNext(SimulatedDisk.Failing.WRITE, "f");
        assertThrows(IOException.class, () -> read(disk, FILE));
        assertThrows(IOException.class, () -> write(disk, FILE, 0, "x"));
        assertEquals("abc", read(disk, FILE));
        disk.capacity(5);
        assertEquals(2, disk.usableBytes(DIR));
        assertThrows(IOException.class, () -> write(disk, FILE, 0, "123456"));
        write(disk, FILE, 0, "12345");
        byte[] expected = "12345".getBytes(US_ASCII);
        assertTrue(Arrays.equals(expected, read(disk, FILE).getBytes(US_ASCII)));
    }
}
