package io.tidemark.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @TempDir
    private Path dir;

    static Stream<String> commands() {
        return RootCommand.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItself(String command) {
        Run run = Run.of(command, "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().startsWith("Usage: tidemark " + command), run.out());
        assertTrue(run.out().lines().count() > 3, run.out());
        assertTrue(run.out().lines().allMatch(line -> line.length() <= 100), run.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anUnknownOptionIsWrongUsage(String command) {
        Run run = Run.of(command, "--no-such-option");
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains("--help") || run.err().contains("--no-such-option"), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "put",
                "get",
                "get a b",
                "delete",
                "start",
                "stop",
                "load",
                "export",
                "inspect",
                "check",
                "check DIR --node n1",
                "inspect page",
                "inspect soup FILE",
                "put k v --file f",
                "put k v --if-absent --if-version 1.0",
                "put k v --if-version five",
                "get k --consistency maybe",
                "get k --encoded %zz",
                "scan --limit 0",
                "scan --limit many",
                "status --dir x --endpoints h:1",
                "status --endpoints h",
                "status --endpoints h:99999",
                "up --http-ports 0",
                "up --http-ports 1,2",
                "up --http-ports x",
                "up --s3 bucket",
                "up --s3-endpoint http://h:1",
                "up --s3 s3://bucket/p --s3-endpoint h",
                "up --set nonsense=1",
                "up --set pool-bytes=lots",
                "restore --at-lsn five",
                "daemon",
            })
    void whatCannotBeUnderstoodIsWrongUsage(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].equals("x") && i > 0 && arguments[i - 1].equals("--dir")
                    ? dir.toString()
                    : arguments[i];
        }
        Run run = Run.of(withDirectory(arguments));
        assertEquals(2, run.code(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("tidemark: "), run.err());
    }

    /** Commands that take --dir get one that is empty, so that no test can meet a real cluster. */
    private String[] withDirectory(String[] arguments) {
        boolean takes = arguments.length > 0
                && !java.util.List.of("nonsense", "inspect").contains(arguments[0])
                && !String.join(" ", arguments).matches(".*--(dir|endpoints).*");
        if (!takes) {
            return arguments;
        }
        String[] longer = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        longer[arguments.length] = "--dir";
        longer[arguments.length + 1] = dir.resolve("none").toString();
        return longer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"status", "put k v", "get k", "scan", "verify", "down", "stop n1", "start n1", "export --to t"})
    void withoutAClusterCommandsSayHowToStartOne(String line) {
        Run run = Run.of((line + " --dir " + dir.resolve("none")).split(" "));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("tidemark up"), run.err());
        assertFalse(Files.exists(dir.resolve("none")));
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamed() throws IOException {
        // the port is taken and nobody listens: freed, it would soon be another test's
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nobody = "127.0.0.1:" + silent.getLocalPort();
            Run get = Run.of("get", "k", "--endpoints", nobody, "--timeout", "1");
            assertEquals(1, get.code());
            assertTrue(get.err().contains("tidemark status"), get.err());
            Run status = Run.of("status", "--json", "--endpoints", nobody);
            assertEquals(1, status.code());
            assertTrue(status.out().contains("\"role\":\"DOWN\""), status.out());
        }
    }

    @Test
    void keysAndValuesOverTheirLimitsAreRefusedBeforeAnythingIsSent() throws IOException {
        Run key = Run.of("put", "k".repeat(2049), "v", "--endpoints", "127.0.0.1:1");
        assertEquals(2, key.code());
        assertTrue(key.err().contains("2049"), key.err());
        Path file = dir.resolve("big");
        try (var channel = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position((16 << 20)).write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        Run value = Run.of("put", "k", "--file", file.toString(), "--endpoints", "127.0.0.1:1");
        assertEquals(1, value.code());
        assertTrue(value.err().contains("16 MiB"), value.err());
    }

    @Test
    void aMissingFileIsNamed() {
        for (String line : java.util.List.of("put k --file /no/such", "load /no/such", "inspect page /no/such")) {
            String[] arguments = (line + (line.startsWith("inspect") ? "" : " --endpoints 127.0.0.1:1")).split(" ");
            Run run = Run.of(arguments);
            assertEquals(1, run.code(), line);
            assertTrue(run.err().contains("/no/such"), run.err());
        }
    }

    @Test
    void anS3ThatDoesNotAnswerIsNamedBeforeAnythingIsMade() {
        Run run = Run.of(
                "up",
                "--detach",
                "--dir",
                dir.resolve("c").toString(),
                "--s3",
                "s3://bucket/p",
                "--s3-endpoint",
                "http://127.0.0.1:1");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("http://127.0.0.1:1"), run.err());
        assertFalse(Files.exists(dir.resolve("c")));
    }

    @Test
    void aDirectoryThatIsSomethingElseIsNotTakenForANewCluster() throws IOException {
        Files.writeString(dir.resolve("thesis.tex"), "x");
        Run run = Run.of("up", "--detach", "--dir", dir.toString());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("thesis.tex"), run.err());
        try (Stream<Path> files = Files.list(dir)) {
            assertEquals(1, files.count());
        }
    }
}
