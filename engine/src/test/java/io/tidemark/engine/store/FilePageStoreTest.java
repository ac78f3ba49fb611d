package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilePageStoreTest {
    static final Path STORE = Path.of("/store");
    static final Path FILE = STORE.resolve("pages.dat");

    private final SimulatedDisk disk = new SimulatedDisk();

    static FilePageStore open(SimulatedDisk disk) {
        disk.createDirectories(STORE);
        PageTable table = new SimulatedPageTable(disk, STORE.resolve("table"), Halt.THROW);
        return new FilePageStore(disk, FILE, new FilePageStore.Options(Pages.BYTES, 8), table, Halt.THROW);
    }

    static CheckpointRecord at(long applied) {
        return new CheckpointRecord(applied + 1, applied, 1, applied);
    }

    private static ByteBuffer read(PageStore store, long pageId) {
        ByteBuffer page = ByteBuffer.allocate(Pages.BYTES);
        store.read(pageId, page);
        return page.flip();
    }

    private static ErrorKind failure(Runnable action) {
        return assertThrows(TidemarkException.class, action::run).kind();
    }

    @Test
    void whatWasFlushedIsReadBack() {
        try (FilePageStore store = open(disk)) {
            List<PageImage> images = new ArrayList<>();
            for (int id = 20; id >= 0; id--) {
                images.add(Pages.image(id, id + 5));
            }
            store.flush(images, at(30));
            store.flush(List.of(Pages.image(3, 33)), at(33));
        }
        try (FilePageStore store = open(disk)) {
            assertEquals(21, store.pages());
            assertEquals(33, store.highestPageLsn());
            assertEquals(at(33), store.checkpoint());
            assertEquals(Pages.image(3, 33).bytes(), read(store, 3));
            assertEquals(Pages.image(20, 25).bytes(), read(store, 20));
            assertTrue(store.contains(0));
            assertFalse(store.contains(21));
            assertEquals(ErrorKind.NOT_FOUND, failure(() -> read(store, 21)));
        }
    }

    @Test
    void aPageIsReadToTheTargetsPosition() {
        try (FilePageStore store = open(disk)) {
            store.flush(List.of(Pages.image(1, 1)), at(1));
            ByteBuffer target = ByteBuffer.allocateDirect(3 * Pages.BYTES).position(Pages.BYTES);
            store.read(1, target);
            assertEquals(2 * Pages.BYTES, target.position());
            assertEquals(Pages.image(1, 1).bytes(), target.slice(Pages.BYTES, Pages.BYTES));
        }
    }

    @Test
    void everyFlippedByteOfAPageIsFoundAndNamed() {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 1)), at(1));
        for (int at = 0; at < Pages.BYTES; at++) {
            disk.flipBit(FILE, Pages.BYTES + at, at % 8);
            TidemarkException e = assertThrows(TidemarkException.class, () -> read(store, 1));
            assertEquals(ErrorKind.CORRUPT, e.kind());
            assertTrue(e.getMessage().contains("page 1 in /store/pages.dat at offset 1024"), e.getMessage());
            disk.flipBit(FILE, Pages.BYTES + at, at % 8);
        }
        assertEquals(Pages.image(1, 1).bytes(), read(store, 1));
    }

    @Test
    void p1_anOlderImageInTheSlotIsNotServed() throws java.io.IOException {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 1)), at(1));
        store.flush(List.of(Pages.image(1, 2)), at(2));
        // A write that was lost, or went elsewhere: a whole page, the wrong one.
        for (PageImage wrong : List.of(Pages.image(1, 1), Pages.image(2, 2))) {
            disk.open(FILE).write(wrong.bytes().duplicate(), 2L * Pages.BYTES);
            assertEquals(ErrorKind.CORRUPT, failure(() -> read(store, 1)));
        }
    }

    @Test
    void p5_aSlotIsReusedOnlyAfterTheCommitThatLetItGo() {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 1)), at(1));
        for (int lsn = 2; lsn < 40; lsn++) {
            store.flush(List.of(Pages.image(1, lsn)), at(lsn));
        }
        // One live slot and one to write to, in the extent of the first growth.
        assertTrue(store.fileBytes() <= 9L * Pages.BYTES, store.fileBytes() + " bytes");
    }

    @Test
    void p5_aSlotBeingReadIsNotReused() {
        SlotMap slots = new SlotMap(2);
        int[] first = slots.allocate(2);
        assertEquals(first[0], slots.startRead(() -> first[0]));
        slots.startRead(() -> first[0]);
        slots.release(first[0]);
        slots.release(first[1]);
        assertEquals(1, slots.inUse());
        assertEquals(first[1], slots.allocate(1)[0]);
        slots.readDone(first[0]);
        assertFalse(slots.allocate(1)[0] == first[0]);
        slots.readDone(first[0]);
        slots.allocate(1);
        assertEquals(first[0], slots.allocate(1)[0]);
    }

    @Test
    void p5_aPagePastTheCheckpointIsNotFlushed() {
        FilePageStore store = open(disk);
        TidemarkException e =
                assertThrows(TidemarkException.class, () -> store.flush(List.of(Pages.image(1, 8)), at(7)));
        assertEquals(ErrorKind.FATAL, e.kind());
        assertTrue(e.getMessage().contains("LSN 8 is past the checkpoint's 7"), e.getMessage());
    }

    @Test
    void aPageThatIsNotWhatItsCrcSaysIsNotFlushed() {
        FilePageStore store = open(disk);
        PageImage image = Pages.image(1, 1);
        image.bytes().put(500, (byte) ~image.bytes().get(500));
        assertEquals(ErrorKind.FATAL, failure(() -> store.flush(List.of(image), at(1))));
        assertFalse(store.contains(1));
    }

    @Test
    void aPageNeverGoesBack() {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 5)), at(5));
        assertEquals(ErrorKind.FATAL, failure(() -> store.flush(List.of(Pages.image(1, 4)), at(6))));
    }

    @Test
    void aFailedSyncOrAFullDiskHaltsAndTheFlushBeforeStays() {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 1)), at(1));
        disk.failNext(SimulatedDisk.Failing.SYNC, "pages.dat");
        assertEquals(ErrorKind.FATAL, failure(() -> store.flush(List.of(Pages.image(1, 2)), at(2))));
        assertEquals(ErrorKind.FATAL, failure(() -> store.flush(List.of(Pages.image(1, 2)), at(2))));
        FilePageStore second = open(disk);
        disk.capacity(0);
        TidemarkException e = assertThrows(
                TidemarkException.class,
                () -> second.flush(List.of(Pages.image(1, 3), Pages.image(2, 3), Pages.image(3, 3)), at(3)));
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
        FilePageStore after = open(disk.crashImage(CrashMode.ALL, new Random(0)));
        assertEquals(at(1), after.checkpoint());
        assertEquals(Pages.image(1, 1).bytes(), read(after, 1));
    }

    @Test
    void anotherPageSizeIsRefusedByName() {
        open(disk).close();
        PageTable table = new SimulatedPageTable(disk, STORE.resolve("table"), Halt.THROW);
        TidemarkException e = assertThrows(
                TidemarkException.class,
                () -> new FilePageStore(disk, FILE, FilePageStore.Options.of(2048), table, Halt.THROW));
        assertEquals(ErrorKind.INVALID, e.kind());
        assertTrue(e.getMessage().contains("pageBytes=1024"), e.getMessage());
    }

    @Test
    void aMissingPageFileIsDamage() throws java.io.IOException {
        FilePageStore store = open(disk);
        store.flush(List.of(Pages.image(1, 1)), at(1));
        store.close();
        disk.delete(FILE);
        assertEquals(ErrorKind.CORRUPT, failure(() -> open(disk)));
    }
}
