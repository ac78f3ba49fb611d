package io.tidemark.daemon.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadExportTest {
    private static final LoadProgress SILENT = (count, bytes, ofCount, ofBytes) -> {};

    @TempDir
    private Path dir;

    private final MapStore store = new MapStore();
    private Path source;
    private Path target;

    @BeforeEach
    void directories() throws IOException {
        source = Files.createDirectory(dir.resolve("source"));
        target = dir.resolve("target");
    }

    @Test
    void aTreeComesBackAsItWas() throws IOException {
        write("a", "1");
        write("a-b", "2");
        write("d/e/f g", "3");
        write("d/empty file", "");
        write("üñí/日本", "4");
        Files.createDirectories(source.resolve("d/nothing/in/here"));
        byte[] oddName = {'o', (byte) 0xff, '\n', (byte) 0xc3, '%'};
        Files.write(KeyPath.child(source, oddName), new byte[] {0, 1, (byte) 0xff});
        LoadReport loaded = load(false).tree(source);
        assertEquals(7, loaded.stored());
        assertEquals(1, loaded.emptyDirectories());
        assertEquals(6, loaded.lastLsn());
        assertArrayEquals(new byte[] {0, 1, (byte) 0xff}, store.map.get(oddName));

        ExportReport written = export(false);
        assertEquals(6, written.written());
        assertEquals(0, written.refused().count());
        assertEquals(content(source), content(target));
    }

    @Test
    void linksAreFollowedAndCountedAndALoopEnds() throws IOException {
        write("real/file", "x");
        Files.createSymbolicLink(source.resolve("link"), Path.of("real/file"));
        Files.createSymbolicLink(source.resolve("dirlink"), Path.of("real"));
        Files.createSymbolicLink(source.resolve("real/loop"), Path.of(".."));
        Files.createSymbolicLink(source.resolve("dangling"), Path.of("nowhere"));
        LoadReport loaded = load(false).tree(source);
        assertEquals(1, loaded.links());
        assertArrayEquals("x".getBytes(UTF_8), store.map.get("link".getBytes(UTF_8)));
        assertArrayEquals("x".getBytes(UTF_8), store.map.get("dirlink/file".getBytes(UTF_8)));
        assertEquals(3, loaded.skipped().count(), loaded.skipped().lines().toString());
    }

    @Test
    void aFileOverTheLimitIsNamedBeforeAnythingIsStored() throws IOException {
        write("aaa", "small");
        write("big", "x".repeat(101));
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> load(false).tree(source));
        assertTrue(refusal.getMessage().contains("big"), refusal.getMessage());
        assertTrue(store.map.isEmpty());

        LoadReport rest = load(true).tree(source);
        assertEquals(1, rest.stored());
        assertEquals(1, rest.refused().count());
    }

    @Test
    void aKeyOverTheLimitIsNamed() throws IOException {
        write("0123456789/0123456789/0123456789/0123456789", "x");
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> load(false).tree(source));
        assertTrue(refusal.getMessage().contains("0123456789/0123456789"), refusal.getMessage());
    }

    @Test
    void aFailedWriteEndsTheLoadAndSaysWhatIsStored() throws IOException {
        for (int i = 0; i < 9; i++) {
            write("f" + i, "x");
        }
        store.failFrom = 4;
        TidemarkException failure =
                assertThrows(TidemarkException.class, () -> load(false).tree(source));
        assertTrue(failure.getMessage().contains("f4"), failure.getMessage());
        assertTrue(failure.getMessage().contains("4 records are stored"), failure.getMessage());
        assertTrue(failure.getMessage().contains("no leader"), failure.getMessage());
    }

    @Test
    void linesAreStored() throws IOException {
        Path file = lines("{\"key\":\"a\",\"value\":\"1\"}", "", "{\"key\":\"b\",\"value\":{\"x\":[1, 2]}}\r");
        assertEquals(2, load(false).lines(file).stored());
        assertArrayEquals("1".getBytes(UTF_8), store.map.get("a".getBytes(UTF_8)));
        assertArrayEquals("{\"x\":[1,2]}".getBytes(UTF_8), store.map.get("b".getBytes(UTF_8)));
    }

    @Test
    void aMalformedLineIsNamedWithItsNumberBeforeAnythingIsStored() throws IOException {
        Path file = lines(
                "{\"key\":\"a\",\"value\":\"1\"}", "{\"key\":\"b\"}", "nonsense", "{\"key\":\"c\",\"value\":\"3\"}");
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> load(false).lines(file));
        assertTrue(refusal.getMessage().contains("line 2: \"value\" is missing"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("line 3"), refusal.getMessage());
        assertTrue(store.map.isEmpty());

        LoadReport rest = load(true).lines(file);
        assertEquals(2, rest.stored());
        assertEquals(2, rest.refused().count());
    }

    @Test
    void ofAStreamWhatComesBeforeAMalformedLineIsStored() {
        byte[] text = "{\"key\":\"a\",\"value\":\"1\"}\n{\n{\"key\":\"c\",\"value\":\"3\"}\n".getBytes(UTF_8);
        TidemarkException refusal =
                assertThrows(TidemarkException.class, () -> load(false).stream(new ByteArrayInputStream(text)));
        assertTrue(refusal.getMessage().contains("line 2"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("1 records are stored"), refusal.getMessage());
        assertEquals(1, store.map.size());
    }

    @Test
    void malformedRecordsSayWhy() {
        for (var wrong : List.of(
                List.of("[]", "no JSON object"),
                List.of("{\"key\":1,\"value\":\"x\"}", "\"key\" is missing or no text"),
                List.of("{\"key\":\"k\",\"value\":null}", "\"value\" is missing or null"),
                List.of("{\"key\":\"k\",\"value\":\"x\",\"ttl\":5}", "unknown field 'ttl'"),
                List.of("{\"key\":\"k\",\"value\":\"x\"} {}", "no JSON"),
                List.of("{\"key\":\"k\",\"key\":\"l\",\"value\":\"x\"}", "no JSON"),
                List.of("{\"key\":\"k\",\"value\":\"?\",\"encoding\":\"base64\"}", "no base64"),
                List.of("{\"key\":\"k\",\"value\":\"x\",\"encoding\":\"hex\"}", "can only be"),
                List.of("{\"key\":\"k\",\"value\":\"x\"", "no JSON"))) {
            TidemarkException refusal = assertThrows(
                    TidemarkException.class,
                    () -> NdjsonRecord.parse(wrong.get(0).getBytes(UTF_8)));
            assertTrue(refusal.getMessage().contains(wrong.get(1)), refusal.getMessage());
        }
    }

    @Test
    void linesOfAnyLengthAreCountedAndTheTooLongOnesPassedOver() throws IOException {
        String text = "a\n" + "x".repeat(200_000) + "\nb\r\n\nlast";
        NdjsonLines lines = new NdjsonLines(new ByteArrayInputStream(text.getBytes(UTF_8)), 150_000);
        assertEquals("a", new String(lines.next(), UTF_8));
        assertEquals(0, lines.next().length);
        assertTrue(lines.tooLong());
        assertEquals("b", new String(lines.next(), UTF_8));
        assertFalse(lines.tooLong());
        assertEquals(0, lines.next().length);
        assertEquals("last", new String(lines.next(), UTF_8));
        assertEquals(5, lines.number());
        assertEquals(null, lines.next());
    }

    @Test
    void keysThatAreNoPathsAreRefusedByNameAndTheOthersWritten() throws IOException {
        for (String key : List.of("../escape", "/absolute", "a//b", "file", "file/below", "good/x", "odd/")) {
            store.put(key.getBytes(UTF_8), "v".getBytes(UTF_8)).join();
        }
        ExportReport report = export(false);
        assertEquals(5, report.refused().count(), report.refused().lines().toString());
        assertEquals(2, report.written());
        assertTrue(report.refused().lines().get(0).contains("../escape"));
        assertFalse(Files.exists(dir.resolve("escape")));
        assertTrue(Files.isRegularFile(target.resolve("file")));
        assertTrue(Files.isRegularFile(target.resolve("good/x")));
    }

    @Test
    void aDirectoryThatIsNotEmptyIsLeftAloneUnlessForced() throws IOException {
        store.put("a".getBytes(UTF_8), "new".getBytes(UTF_8)).join();
        Files.createDirectory(target);
        Files.writeString(target.resolve("a"), "old and longer");
        assertThrows(TidemarkException.class, () -> export(false));
        assertEquals("old and longer", Files.readString(target.resolve("a")));
        export(true);
        assertEquals("new", Files.readString(target.resolve("a")));
    }

    @Test
    void linksInTheTargetAreNotFollowed() throws IOException {
        store.put("link/x".getBytes(UTF_8), "v".getBytes(UTF_8)).join();
        store.put("out".getBytes(UTF_8), "v".getBytes(UTF_8)).join();
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("link"), elsewhere);
        Files.createSymbolicLink(target.resolve("out"), elsewhere.resolve("file"));
        ExportReport report = export(true);
        assertEquals(2, report.refused().count());
        try (Stream<Path> inside = Files.list(elsewhere)) {
            assertEquals(0, inside.count());
        }
    }

    private Load load(boolean leaveOutRefused) {
        return new Load(store, new LoadLimits(40, 100), leaveOutRefused, SILENT);
    }

    private ExportReport export(boolean replace) throws IOException {
        return new Export(target, replace, SILENT).run(store);
    }

    private void write(String name, String content) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Path lines(String... lines) throws IOException {
        return Files.write(dir.resolve("lines"), List.of(lines));
    }

    private static TreeMap<String, String> content(Path root) throws IOException {
        TreeMap<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String name = path.toUri()
                        .getRawPath()
                        .substring(root.toUri().getRawPath().length() - 1);
                boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                content.put(name, directory ? "directory" : java.util.Arrays.toString(Files.readAllBytes(path)));
            }
        }
        return content;
    }
}
