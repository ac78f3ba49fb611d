package io.tidemark.jepsen.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @Test
    void isWrittenAsJsonLinesAndReadBack(@TempDir Path directory) throws IOException {
        AtomicLong clock = new AtomicLong(1_000);
        History history = new History(() -> clock.getAndAdd(250));
        history.invoke(0, "write", List.of("k", "v1"));
        history.invoke(1, "read", Arrays.asList("k", null));
        history.ok(1, "read", Arrays.asList("k", null), null);
        history.ok(0, "write", List.of("k", "v1"), "17.3");
        history.info(Event.NEMESIS, "kill", List.of("struck", "n1, the leader"), null);
        history.invoke(1, "cas", List.of("k", "v1", "v2"));
        history.info(1, "cas", List.of("k", "v1", "v2"), "no answer \"in time\"");
        Path file = directory.resolve("history.jsonl");
        history.writeTo(file);
        assertEquals(golden(), Files.readString(file));
        assertEquals(history.events(), History.read(file));
    }

    @Test
    void theNemesisIsNoClient() {
        History history = new History(() -> 0);
        history.invoke(0, "read", Arrays.asList("k", null));
        history.info(Event.NEMESIS, "kill", List.of(), null);
        assertEquals(0.0, history.infoShare());
        history.info(0, "read", Arrays.asList("k", null), "unclear");
        assertEquals(1.0, history.infoShare());
    }

    private static String golden() throws IOException {
        try (InputStream in = HistoryTest.class.getResourceAsStream("history-1.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
