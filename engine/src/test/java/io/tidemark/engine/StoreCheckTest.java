package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.standalone.Store;
import io.tidemark.engine.standalone.StoreOptions;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.PageImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in order is found in order and stays byte for byte; damage of each kind is found and named. */
class StoreCheckTest {
    private static final int PAGE_BYTES = 1024;
    private static final int RECORDS = 601;
    private static final EngineOptions OPTIONS =
            new EngineOptions(PAGE_BYTES, 128, 1 << 20, 1 << 16, 1 << 20, 16, 0, false);

    @TempDir
    private Path directory;

    @TempDir
    private Path scratch;

    private int checks;

    @BeforeEach
    void fill() {
        Engine engine = open();
        for (int i = 0; i < 600; i += 10) {
            List<Operation> puts = new ArrayList<>();
            for (int k = i; k < i + 10; k++) {
                puts.add(EngineRig.put(String.format("key%05d", k * 7919 % 10_007), EngineRig.value(k, 60)));
            }
            apply(engine, puts);
        }
        apply(engine, List.of(EngineRig.put("large", EngineRig.value(1, 5000))));
        apply(engine, List.of(EngineRig.put("large2", EngineRig.value(2, 5000))));
        apply(engine, List.of(EngineRig.delete("large2")));
        engine.close();
    }

    @Test
    void aStoreInOrderIsFoundSoAndStaysAsItIs() throws IOException {
        TreeMap<String, byte[]> before = files();
        StoreCheck.Report report = check();
        assertEquals(List.of(), report.problems());
        assertTrue(report.structure().records() > RECORDS, "the catalog's and the system's records too");
        assertTrue(report.structure().leaves() > report.structure().innerPages());
        assertTrue(report.structure().freePages() >= 6);
        assertEquals(6, report.structure().overflowPages());
        assertEquals(report.structure().pages(), report.storedPages());
        assertUnchanged(before);
    }

    @Test
    void whatTheLogHasBehindTheCheckpointIsRedoneInMemoryOnly() throws IOException {
        Engine engine = open();
        apply(engine, List.of(EngineRig.put("later", "1")));
        engine.requestSync().join();
        long applied = engine.state().applied();
        engine.abandon();
        TreeMap<String, byte[]> before = files();
        StoreCheck.Report report = check();
        assertEquals(List.of(), report.problems());
        assertEquals(applied, report.lsn());
        assertTrue(report.checkpoint() < applied);
        assertUnchanged(before);
    }

    @Test
    void pagesThatAnUndoRecordHasTakenOverHaveThatOneOwner() {
        Engine engine = open();
        long lsn = engine.state().applied() + 1;
        long transaction =
                apply(engine, lsn, Command.of(new Operation.Begin(60_000))).number();
        apply(engine, lsn + 1, Command.in(transaction, EngineRig.put("large", EngineRig.value(3, 7000))));
        engine.close();
        StoreCheck.Report report = check();
        assertEquals(List.of(), report.problems());
        assertEquals(6 + 8, report.structure().overflowPages());
    }

    @Test
    void aStoreInUseIsRefused() {
        // The lock is the process's: another one is played by holding it through a channel of our own.
        Path lock = directory.resolve("table").resolve("lock.mdb");
        assertTrue(Files.exists(lock));
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var held = channel.lock(0, 1, false)) {
            TidemarkException refused = assertThrows(TidemarkException.class, this::check);
            assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
            assertTrue(held.isValid());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStoreOpenInThisProcessIsRefused(@TempDir Path own) {
        Store store = Store.open(own, StoreOptions.of(OPTIONS));
        TidemarkException refused =
                assertThrows(TidemarkException.class, () -> StoreCheck.run(own, scratch.resolve("own")));
        assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
        store.close();
        assertEquals(List.of(), StoreCheck.run(own, scratch.resolve("own")).problems());
    }

    @Test
    void noStoreIsNotFound(@TempDir Path empty) {
        TidemarkException refused =
                assertThrows(TidemarkException.class, () -> StoreCheck.run(empty, scratch.resolve("none")));
        assertEquals(ErrorKind.NOT_FOUND, refused.kind());
    }

    @Test
    void aLostPageIsFound() {
        change(StoreCheckTest::isWideInner, page -> SlottedPage.delete(page, 1));
        assertFinds("belongs to nothing");
    }

    @Test
    void aPageOwnedTwiceIsFound() {
        change(
                StoreCheckTest::isWideInner,
                page -> page.putLong(SlottedPage.offset(page, 1), InnerRecord.child(page, 1)));
        assertFinds("belongs to two owners");
    }

    @Test
    void aFreePageThatIsInUseIsFound() {
        List<Long> leaves = idsOf(StoreCheckTest::isFullLeaf);
        change(
                page -> PageHeader.type(page) == PageType.META,
                page -> page.putLong(MetaPage.FREE_HEAD_OFFSET, leaves.get(0)));
        assertFinds("belongs to two owners");
    }

    @Test
    void aWrongNumberOfFreePagesIsFound() {
        change(page -> PageHeader.type(page) == PageType.META, page -> page.putLong(MetaPage.FREE_PAGES_OFFSET, 4));
        assertFinds("free pages");
    }

    @Test
    void keysOutOfOrderAreFound() {
        change(StoreCheckTest::isFullLeaf, page -> {
            long first = page.getLong(SlottedPage.HEADER_BYTES);
            page.putLong(SlottedPage.HEADER_BYTES, page.getLong(SlottedPage.HEADER_BYTES + 8));
            page.putLong(SlottedPage.HEADER_BYTES + 8, first);
        });
        assertFinds("out of order");
    }

    @Test
    void aWrongSeparatorIsFound() {
        change(StoreCheckTest::isWideInner, page -> {
            RedoBuffer record = new RedoBuffer();
            InnerRecord.write(record, EngineRig.bytes("key00000"), InnerRecord.child(page, 1));
            SlottedPage.replace(page, 0, record.array(), 0, record.length());
        });
        assertFinds("outside its separators");
    }

    @Test
    void wrongGarbageIsFound() {
        change(
                StoreCheckTest::isFullLeaf,
                page -> page.putInt(SlottedPage.GARBAGE_OFFSET, page.getInt(SlottedPage.GARBAGE_OFFSET) + 8));
        assertFinds("garbage");
    }

    @Test
    void bytesInFreeSpaceAreFound() {
        change(StoreCheckTest::isFullLeaf, page -> page.put(page.getInt(SlottedPage.HEAP_OFFSET) - 1, (byte) 1));
        assertFinds("bytes in free space");
    }

    @Test
    void aWrongHeadIsFound() {
        change(
                StoreCheckTest::isFullLeaf,
                page -> page.put(SlottedPage.HEADER_BYTES + 4, (byte) (page.get(SlottedPage.HEADER_BYTES + 4) + 1)));
        assertFinds("head of slot 0");
    }

    @Test
    void aWrongNumberOfSharedBytesIsFound() {
        change(StoreCheckTest::isFullLeaf, page -> page.putShort(SlottedPage.SHARED_OFFSET, (short) 9));
        assertFinds("9 shared bytes");
    }

    @Test
    void aPageOfAnotherLevelIsFound() {
        change(StoreCheckTest::isWideInner, page -> page.put(SlottedPage.LEVEL_OFFSET, (byte) 3));
        assertFinds("has level 3");
    }

    @Test
    void aTreePageThatIsLinkedIsFound() {
        change(StoreCheckTest::isFullLeaf, page -> page.putLong(PageHeader.NEXT_OFFSET, 3));
        assertFinds("links to 3");
    }

    @Test
    void aLargeValueThatIsAnotherIsFound() {
        change(
                page -> PageHeader.type(page) == PageType.OVERFLOW && PageHeader.next(page) == 0,
                page -> page.put(60, (byte) (page.get(60) + 1)));
        assertFinds("CRC32C");
    }

    @Test
    void aFlippedByteInASlotIsFound() throws IOException {
        Path file = directory.resolve("pages.dat");
        byte[] bytes = Files.readAllBytes(file);
        int at = -1;
        for (int slot = PAGE_BYTES; slot < bytes.length; slot += PAGE_BYTES) {
            if (isFullLeaf(ByteBuffer.wrap(bytes, slot, PAGE_BYTES).slice()) && isCurrent(bytes, slot)) {
                at = slot + PAGE_BYTES - 3;
            }
        }
        bytes[at] ^= 4;
        Files.write(file, bytes);
        assertFinds("CRC");
    }

    private boolean isCurrent(byte[] bytes, int slot) {
        ByteBuffer image = ByteBuffer.wrap(bytes, slot, PAGE_BYTES).slice();
        try (FilePageStore store = store()) {
            ByteBuffer current = ByteBuffer.allocate(PAGE_BYTES);
            store.read(PageHeader.id(image), current);
            return current.flip().equals(image);
        }
    }

    private static boolean isWideInner(ByteBuffer page) {
        return PageHeader.type(page) == PageType.INNER && SlottedPage.count(page) > 4;
    }

    private static boolean isFullLeaf(ByteBuffer page) {
        return page.getInt(PageHeader.MAGIC_OFFSET) == PageHeader.MAGIC
                && PageHeader.type(page) == PageType.LEAF
                && PageHeader.next(page) == 0
                && SlottedPage.count(page) > 4
                && SlottedPage.free(page) > 16
                && LeafRecord.inlineBytes(page, 0) == 60;
    }

    private List<Long> idsOf(Predicate<ByteBuffer> which) {
        List<Long> ids = new ArrayList<>();
        try (FilePageStore store = store()) {
            for (long id = 0; store.contains(id); id++) {
                ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
                store.read(id, page);
                if (which.test(page.clear())) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    /** Changes the first such page as a defect of the engine would: with a right CRC, through the store. */
    private void change(Predicate<ByteBuffer> which, Consumer<ByteBuffer> damage) {
        long id = idsOf(which).get(0);
        try (FilePageStore store = store()) {
            ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
            store.read(id, page);
            damage.accept(page.clear());
            int crc = PageHeader.seal(page);
            store.flush(List.of(new PageImage(id, PageHeader.lsn(page), crc, page)), store.checkpoint());
        }
    }

    private FilePageStore store() {
        EngineFiles files = new EngineFiles(directory);
        RealDisk disk = new RealDisk();
        return new FilePageStore(
                disk, files.pages(), FilePageStore.Options.of(PAGE_BYTES), files.lmdb(disk, Halt.THROW), Halt.THROW);
    }

    private void assertFinds(String words) {
        List<String> problems;
        try {
            problems = check().problems();
        } catch (TidemarkException e) {
            assertEquals(ErrorKind.CORRUPT, e.kind(), e.getMessage());
            problems = List.of(e.getMessage());
        }
        assertTrue(problems.stream().anyMatch(p -> p.contains(words)), words + " in " + problems);
    }

    private StoreCheck.Report check() {
        return StoreCheck.run(directory, scratch.resolve("check" + checks++));
    }

    private TreeMap<String, byte[]> files() throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private void assertUnchanged(TreeMap<String, byte[]> before) throws IOException {
        TreeMap<String, byte[]> after = files();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(after.get(name)), name));
    }

    private Engine open() {
        return Engine.open(directory, OPTIONS, new MetricRegistry(), Halt.THROW);
    }

    private static Reply apply(Engine engine, long lsn, Command command) {
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(command)));
        return engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload)).get(0);
    }

    private static void apply(Engine engine, List<Operation> operations) {
        engine.apply(EngineRig.entry(engine.state().applied() + 1, operations));
    }
}
