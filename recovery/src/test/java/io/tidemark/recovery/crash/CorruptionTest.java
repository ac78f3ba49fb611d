package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.store.PageTable;
import io.tidemark.engine.store.SimulatedPageTable;
import io.tidemark.recovery.crash.SmallStore.Told;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every file of a small store damaged: each byte flipped, each sector zeroed, cut off at each sector, removed. Who opens it
 * and reads it all is told the truth, that it is damaged, or, where the process was killed, an earlier state as after a
 * tear; never anything else. {@code -Dtidemark.corruption.stride=1} takes every byte, the default each seventh.
 */
class CorruptionTest {
    private static final int STRIDE = Integer.getInteger("tidemark.corruption.stride", 7);
    private static final int SECTOR_BYTES = 512;

    private final SmallStore small = new SmallStore();
    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random = new Random(1);

    /** Kind of file and damage, what was told, how often. */
    private final Map<String, TreeMap<Told, Integer>> told = new TreeMap<>();

    private final BitSet slots = new BitSet();

    @Test
    void afterACleanCloseDamageIsNamedOrMeansNothing() throws IOException {
        small.fill(() -> small.store.open(disk)).close();
        damageAll("closed");
        told.forEach((what, counts) ->
                assertTrue(!counts.containsKey(Told.AN_EARLIER_STATE), what + " of a closed store: " + counts));
    }

    @Test
    void afterAKillDamageIsNamedOrReadsAsATear() throws IOException {
        small.fill(() -> small.store.open(disk)).abandon();
        damageAll("killed");
        told.forEach((what, counts) -> assertTrue(
                what.contains("wal") || !counts.containsKey(Told.AN_EARLIER_STATE),
                what + " of a killed store: " + counts));
    }

    private void damageAll(String state) throws IOException {
        try (PageTable table = new SimulatedPageTable(disk, StoreOnDisk.FILES.table(), Halt.THROW)) {
            table.forEach(row -> slots.set((int) row.slot()));
        }
        for (Path file : files()) {
            damage(file);
        }
        told.forEach((what, counts) -> System.out.println("damage, " + state + " store, " + what + ": " + counts));
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path directory :
                List.of(StoreOnDisk.FILES.directory(), StoreOnDisk.FILES.wal(), StoreOnDisk.FILES.table())) {
            disk.list(directory).stream()
                    .map(directory::resolve)
                    .filter(file -> file.toString().contains("."))
                    .forEach(files::add);
        }
        files.add(StoreOnDisk.FILES.table().resolve("commits"));
        return files;
    }

    private void damage(Path file) throws IOException {
        long bytes = disk.open(file).size();
        for (long at = 0; at < bytes; at += STRIDE) {
            SimulatedDisk image = image();
            image.flipBit(file, at, (int) (at % 8));
            ask(image, file, at, "byte flipped");
        }
        for (long at = 0; at < bytes; at += SECTOR_BYTES) {
            SimulatedDisk image = image();
            int length = (int) Math.min(SECTOR_BYTES, bytes - at);
            if (!isZero(file, at, length)) {
                image.open(file).write(ByteBuffer.allocate(length), at);
                ask(image, file, at, "sector zeroed");
            }
            SimulatedDisk cut = image();
            cut.open(file).truncate(at);
            ask(cut, file, at, "cut off");
        }
        SimulatedDisk without = image();
        without.delete(file);
        ask(without, file, 0, "removed");
    }

    private SimulatedDisk image() {
        return disk.crashImage(CrashMode.ALL, random);
    }

    private boolean isZero(Path file, long at, int length) throws IOException {
        DiskFile open = disk.open(file);
        ByteBuffer found = ByteBuffer.allocate(length);
        open.read(found, at);
        return found.flip().equals(ByteBuffer.allocate(length));
    }

    private void ask(SimulatedDisk damaged, Path file, long at, String damage) {
        String part = part(file, at);
        try {
            Told answer = small.ask(damaged);
            told.computeIfAbsent(part + ", " + damage, key -> new TreeMap<>()).merge(answer, 1, Integer::sum);
            boolean used = part.equals("pages.dat: pages in use") || part.equals("pages.dat: header");
            if (used && damage.equals("byte flipped")) {
                assertEquals(Told.DAMAGED, answer);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(damage + " at " + at + " of " + file + ": " + e, e);
        }
    }

    private String part(Path file, long at) {
        String name = file.getFileName().toString();
        if (name.endsWith(".wal")) {
            return "wal";
        }
        if (name.equals("commits")) {
            return "page table";
        }
        if (!file.equals(StoreOnDisk.FILES.pages())) {
            return "chain values";
        }
        if (at < StoreOnDisk.PAGE_BYTES) {
            return at < 16 ? "pages.dat: header" : "pages.dat: rest of the header's page";
        }
        return slots.get((int) (at / StoreOnDisk.PAGE_BYTES)) ? "pages.dat: pages in use" : "pages.dat: free slots";
    }
}
