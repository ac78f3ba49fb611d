package io.tidemark.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final EngineOptions OPTIONS = new EngineOptions(4096, 128, 4 << 20, 1 << 16, 1 << 20, 16, 0, false);

    @TempDir
    private Path node;

    @BeforeEach
    void fill() {
        Engine engine = Engine.open(node.resolve("engine"), OPTIONS, new MetricRegistry(), Halt.THROW);
        for (int lsn = 0; lsn < 200; lsn++) {
            byte[] key = ("key" + lsn).getBytes(StandardCharsets.UTF_8);
            Operation put = new Operation.Put("default", key, new byte[300], Precondition.NONE);
            byte[] payload = EntryCodec.encode(new Entry(1, List.of(Command.of(put))));
            engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload));
        }
        engine.close();
    }

    @Test
    void saysWhatItProvedInWords() {
        Run run = Run.of("check", node.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("at LSN 199"), run.out());
        assertTrue(run.out().contains("leaves"), run.out());
        assertTrue(run.out().endsWith("everything is in order\n"), run.out());
        assertEquals(
                run.out(), Run.of("check", node.resolve("engine").toString()).out());
    }

    @Test
    void printsJsonForAProgram() {
        Run run = Run.of("check", "--json", node.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("{\"ok\":true,\"lsn\":199"), run.out());
        assertTrue(run.out().contains("\"problems\":[]"), run.out());
    }

    @Test
    void damageIsNamedWithExitCodeOne() throws IOException {
        Path pages = node.resolve("engine").resolve("pages.dat");
        byte[] bytes = Files.readAllBytes(pages);
        for (int at = 4096 + 100; at < bytes.length; at += 4096) {
            bytes[at] ^= 1;
        }
        Files.write(pages, bytes);
        Run run = Run.of("check", node.toString());
        assertEquals(1, run.code(), run.out());
        assertTrue((run.out() + run.err()).contains("CRC"), run.out() + run.err());
    }

    @Test
    void noStoreIsAnErrorInWords(@TempDir Path empty) {
        Run run = Run.of("check", empty.toString());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("is no store"), run.err());
    }
}
