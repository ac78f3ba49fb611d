package io.tidemark.daemon.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.Formation;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnProcessTest {
    @TempDir
    private Path root;

    private ClusterDirectory directory;
    private ClusterFile cluster;
    private ClusterProcesses processes;

    @BeforeEach
    void form() {
        directory = new ClusterDirectory(root.resolve("c"));
        List<Integer> ports = new FreePorts(new Random()).take(7);
        cluster = new Formation(directory, UUID::randomUUID)
                .form(Formation.trialS3(ports.get(0)), Formation.loopback(ports.subList(1, 4), ports.subList(4, 7)));
        processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
    }

    @Test
    void whyAProcessEndedIsSaidWithoutStackFrames() throws IOException {
        Files.createDirectories(directory.run());
        StringBuilder log = new StringBuilder("ERROR cannot go on: S3 does not answer\n");
        log.append("java.lang.IllegalStateException: cleaner\n");
        log.append("\tat io.tidemark.A.a(A.java:1)\n".repeat(40));
        log.append("Caused by: java.net.ConnectException: Connection refused\n");
        log.append("\tat io.tidemark.B.b(B.java:2)\n".repeat(40)).append("\t... 12 common frames omitted\n");
        Files.writeString(directory.log("n1"), log);
        String tail = processes.logTail("n1");
        assertTrue(tail.contains("S3 does not answer") && tail.contains("Connection refused"), tail);
        assertFalse(tail.contains("A.java") || tail.contains("frames"), tail);
    }

    @Test
    void aStrangerWithThePidOfADeadNodeIsNeverSignalled() throws IOException, InterruptedException {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            OwnProcess.record(directory, "n1", stranger.pid());
            assertTrue(processes.running("n1").isEmpty());
            assertEquals(StopOutcome.NOT_RUNNING, processes.stop("n1", Duration.ofSeconds(5)));
            assertTrue(stranger.isAlive());
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPidFileIsNeverSeenHalfWritten() throws InterruptedException {
        OwnProcess.record(directory, "n1", 1);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 5_000; i++) {
                OwnProcess.record(directory, "n1", 1);
            }
        });
        writer.start();
        do {
            OwnProcess.find(directory, "n1"); // throws when it reads no number
        } while (writer.isAlive());
        writer.join();
    }

    @Test
    void aProcessThatIsOursIsStopped() throws IOException, InterruptedException {
        Process ours = pretend("n1", "sleep 60 & wait");
        try {
            assertEquals(ours.pid(), processes.running("n1").orElseThrow().pid());
            assertEquals(StopOutcome.STOPPED, processes.stop("n1", Duration.ofSeconds(10)));
            assertEquals(StopOutcome.NOT_RUNNING, processes.stop("n1", Duration.ofSeconds(10)));
        } finally {
            ours.destroyForcibly().waitFor();
        }
    }

    @Test
    void aProcessThatDoesNotEndIsKilledAndThatIsSaid() throws IOException, InterruptedException {
        Process deaf = pretend("n2", "trap '' TERM; echo deaf; while :; do read -r -t 1 < <(:) || :; done");
        try {
            assertEquals('d', deaf.getInputStream().read());
            assertEquals(StopOutcome.KILLED, processes.stop("n2", Duration.ofMillis(300)));
        } finally {
            deaf.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPidFileThatHoldsNoPidIsNamed() throws IOException {
        Files.createDirectories(directory.run());
        Files.writeString(directory.pid("n1"), "nonsense");
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> processes.running("n1"));
        assertTrue(refusal.getMessage().contains(directory.pid("n1").toString()), refusal.getMessage());
    }

    @Test
    void aPortInUseIsNamedBeforeAnythingStarts() throws IOException {
        int port = Integer.parseInt(cluster.node("n3").raft().split(":")[1]);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            TidemarkException refusal = assertThrows(TidemarkException.class, () -> processes.startNode("n3"));
            assertTrue(refusal.getMessage().contains("127.0.0.1:" + taken.getLocalPort()), refusal.getMessage());
            assertTrue(Files.notExists(directory.pid("n3")));
        }
    }

    /** A shell that carries the mark of one of our processes on its command line. */
    private Process pretend(String name, String script) throws IOException {
        Process process =
                new ProcessBuilder("bash", "-c", script, "bash", JavaCommand.mark(name, directory.root())).start();
        OwnProcess.record(directory, name, process.pid());
        return process;
    }
}
