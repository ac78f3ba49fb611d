package io.tidemark.jepsen.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final Header HEADER = new Header(
            "register",
            "kill",
            7,
            "b85a93d",
            "./tidemark jepsen run --seed 7",
            "2026-11-20T12:00:00Z",
            Map.of("nodes", "3"));

    private final AtomicLong clock = new AtomicLong(1_000);

    @TempDir
    Path directory;

    @Test
    void isStreamedAsJsonLinesAndReadBack() throws IOException {
        Path file = directory.resolve("history.jsonl");
        try (Recorder recorder = Recorder.to(file, HEADER, () -> clock.getAndAdd(250))) {
            sample(recorder);
            assertEquals(10, recorder.history().events().size(), "it can be read while it is written");
        }
        assertEquals(golden("history-1.jsonl"), Files.readString(file));
        History back = History.read(file);
        assertEquals(HEADER, back.header());
        Recorder inMemory = Recorder.inMemory(HEADER, new AtomicLong(0)::get);
        sample(inMemory);
        assertEquals(
                inMemory.history().events().stream().map(Event::value).toList(),
                back.events().stream().map(Event::value).toList());
        back.writeTo(directory.resolve("copy.jsonl"));
        assertEquals(golden("history-1.jsonl"), Files.readString(directory.resolve("copy.jsonl")));
    }

    @Test
    void whatWasRecordedASecondAgoIsInTheFile() throws IOException {
        Path file = directory.resolve("history.jsonl");
        try (Recorder recorder = Recorder.to(
                file, HEADER, () -> clock.getAndAdd(Duration.ofMillis(600).toNanos()))) {
            for (int i = 0; i < 10; i++) {
                recorder.nemesis("kill", List.of("strike"));
            }
            assertTrue(History.read(file).events().size() >= 8);
        }
    }

    @Test
    void isExportedAsEdn() throws IOException {
        Recorder recorder = Recorder.inMemory(HEADER, () -> clock.getAndAdd(250));
        sample(recorder);
        StringBuilder all = new StringBuilder();
        EdnExport.write(recorder.history(), all);
        assertEquals(golden("history-1.edn"), all.toString());
        StringBuilder one = new StringBuilder();
        EdnExport.writeKey(recorder.history(), "k", one);
        assertEquals(golden("history-1-k.edn"), one.toString());
    }

    @Test
    void transactionsAreExportedAsElleReadsThem() throws IOException {
        Recorder recorder = Recorder.inMemory(Header.of("list-append"), () -> clock.getAndAdd(250));
        recorder.invoke(0, "txn", List.of(List.of("append", "x", 1), Arrays.asList("r", "y", null)));
        recorder.ok(0, "txn", List.of(List.of("append", "x", 1), List.of("r", "y", List.of())), null);
        recorder.invoke(
                1, "txn", List.of(Arrays.asList("r", "x", null), List.of("append", "y", 2), List.of("append", "y", 3)));
        recorder.ok(
                1,
                "txn",
                List.of(List.of("r", "x", List.of(1)), List.of("append", "y", 2), List.of("append", "y", 3)),
                null);
        Map<Object, Object> balances = new LinkedHashMap<>();
        balances.put(0, 10);
        balances.put(1, -10);
        balances.put("name", true);
        recorder.invoke(0, "read", balances);
        StringBuilder text = new StringBuilder();
        EdnExport.write(recorder.history(), text);
        assertEquals(golden("list-append-1.edn"), text.toString());
    }

    @Test
    void aTornLastLineIsLeftOutAndSaid() throws IOException {
        Path file = directory.resolve("torn.jsonl");
        String text = golden("history-1.jsonl");
        Files.writeString(file, text.substring(0, text.length() - 20));
        History history = History.read(file);
        assertTrue(history.torn());
        assertEquals(9, history.events().size());
        Files.writeString(file, text);
        assertFalse(History.read(file).torn());
    }

    @Test
    void aLineThatIsNoEventIsNamed() throws IOException {
        assertRefused(
                "{\"index\":0,\"process\":0,\"type\":\"began\",\"f\":\"read\",\"value\":1,\"time\":1}\n",
                "line 1",
                "began");
        assertRefused("hello\n", "line 1");
        assertRefused("{\"index\":0}\n", "line 1", "no type");
        assertRefused(
                "{\"index\":1,\"process\":0,\"type\":\"ok\",\"f\":\"read\",\"value\":1,\"time\":1}\n",
                "event 0 has index 1");
        assertRefused("{\"tidemark-history\":9}\n", "version 9");
        assertRefused("{\"a\":1} {\n", "line 1");
    }

    private void assertRefused(String text, String... words) throws IOException {
        Path file = directory.resolve("bad.jsonl");
        Files.writeString(file, text);
        String message =
                assertThrows(IOException.class, () -> History.read(file)).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word) && message.contains("bad.jsonl"), message);
        }
    }

    @Test
    void theNemesisIsNoClientAndACallWithoutEndIsUnclear() {
        Recorder recorder = Recorder.inMemory(Header.of("register"), () -> 0);
        recorder.invoke(0, "read", Arrays.asList("k", null));
        recorder.nemesis("kill", List.of());
        assertEquals(new Counts(1, 0, 0, 1), recorder.counts());
        recorder.info(0, "read", Arrays.asList("k", null), "unclear");
        assertEquals(1.0, recorder.counts().infoShare());
        assertEquals(recorder.counts(), recorder.history().counts());
    }

    @Test
    void aClosedHistoryTakesNoMore() throws IOException {
        Recorder recorder = Recorder.to(directory.resolve("h.jsonl"), HEADER, () -> 0);
        recorder.close();
        assertThrows(IllegalStateException.class, () -> recorder.invoke(0, "read", null));
    }

    @Test
    void callsThatAreNoCallsAreRefused() {
        Recorder twice = Recorder.inMemory(HEADER, () -> 0);
        twice.invoke(0, "read", null);
        twice.invoke(0, "read", null);
        assertThrows(IllegalArgumentException.class, () -> twice.history().calls());
        Recorder other = Recorder.inMemory(HEADER, () -> 0);
        other.invoke(0, "read", null);
        other.ok(0, "write", null, null);
        assertThrows(IllegalArgumentException.class, () -> other.history().calls());
        Recorder odd = Recorder.inMemory(HEADER, () -> 0);
        assertThrows(IllegalArgumentException.class, () -> odd.invoke(0, "read", new Object()));
    }

    private static void sample(Recorder history) {
        history.invoke(0, "write", List.of("k", "v1"));
        history.invoke(1, "read", Arrays.asList("k", null));
        history.ok(1, "read", Arrays.asList("k", null), new Event.Seen(null, 16L, "n2"));
        history.ok(0, "write", List.of("k", "v1"), Event.Seen.version("17.3"));
        history.nemesis("kill", List.of("struck", "n1, the leader"));
        history.invoke(1, "cas", List.of("k", List.of("v1", "v2")));
        history.info(1, "cas", List.of("k", List.of("v1", "v2")), "no answer \"in time\"");
        history.invoke(2, "cas", List.of("other", Arrays.asList(null, "v3")));
        history.fail(2, "cas", List.of("other", Arrays.asList(null, "v3")), "CONDITION_FAILED");
        Map<String, Object> mark = new LinkedHashMap<>();
        mark.put("node", "n1");
        mark.put("committed", 17);
        history.nemesis(Event.MARK, mark);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = HistoryTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
