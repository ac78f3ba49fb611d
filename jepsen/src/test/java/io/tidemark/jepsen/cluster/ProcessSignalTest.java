package io.tidemark.jepsen.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessSignalTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String MARK = "mark-of-this-test";

    private Process process;

    @BeforeEach
    void begin() throws IOException {
        process = new ProcessBuilder("sh", "-c", "while :; do sleep 1; done; : " + MARK).start();
        Waiting.until("begun", BOUND, () -> ProcessSignal.alive(process.pid(), MARK), alive -> alive);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void pausesResumesAndKills() {
        assertTrue(ProcessSignal.STOP.send(process.pid(), MARK));
        Waiting.until("paused", BOUND, this::state, "T"::equals);
        assertTrue(ProcessSignal.CONT.send(process.pid(), MARK));
        Waiting.until("resumed", BOUND, this::state, s -> !s.equals("T"));
        assertTrue(ProcessSignal.KILL.send(process.pid(), MARK));
        ProcessSignal.awaitGone(process.pid(), MARK, BOUND);
        Waiting.until("ended", BOUND, process::isAlive, alive -> !alive);
        assertEquals(128 + 9, process.exitValue());
    }

    @Test
    void aStrangersProcessIsLeftAlone() {
        assertFalse(ProcessSignal.KILL.send(process.pid(), "another-mark"));
        assertTrue(process.isAlive());
    }

    private String state() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
        } catch (IOException e) {
            return "gone";
        }
    }
}
