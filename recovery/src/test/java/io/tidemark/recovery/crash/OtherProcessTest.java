package io.tidemark.recovery.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.error.Halt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The same log in other processes: another compiler, damaged LMDB files that may end a process, system calls that fail. */
class OtherProcessTest {
    /** {@code -Dtidemark.corruption.lmdb.stride=1} takes every byte. */
    private static final int STRIDE = Integer.getInteger("tidemark.corruption.lmdb.stride", 997);

    /** {@code -Dtidemark.faults.calls=N} lets so many calls of each kind fail, one a process. */
    private static final int CALLS = Integer.getInteger("tidemark.faults.calls", 1);

    /** Exit codes above it name the signal, as that of an assertion in LMDB. */
    private static final int SIGNAL = 128;

    private static final int MINUTES = 5;

    @TempDir
    Path directory;

    /** @param died by a signal, as a JVM does that touches a mapped page without a file behind @param lines of its output */
    private record Ended(int code, boolean died, List<String> lines) {
        String last(String word) {
            return lines.stream()
                    .filter(line -> line.startsWith(word + " "))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring(word.length() + 1))
                    .orElse("");
        }
    }

    private Ended run(List<String> before, List<String> flags, String... words) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash"));
        command.addAll(List.of("-XX:ErrorFile=" + directory.resolve("hs_err.log")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildStore.class.getName()));
        command.addAll(List.of(words));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        try {
            assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), "still running: " + command);
            // Told not to dump its core, a JVM that dies by a signal exits with 1, like one with an uncaught exception.
            boolean died = Files.deleteIfExists(directory.resolve("hs_err.log")) || process.exitValue() > SIGNAL;
            return new Ended(process.exitValue(), died, Files.readAllLines(out, US_ASCII));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void p6_anotherCompilerMakesTheSameBytesAndChains() throws Exception {
        List<String> expected = ChildStore.chains(new SmallStore());
        for (String flag : List.of("-XX:TieredStopAtLevel=1", "-Xint")) {
            Ended ended = run(List.of(), List.of(flag), "chains");
            assertEquals(0, ended.code, flag);
            assertEquals(
                    expected,
                    ended.lines.stream()
                            .filter(line -> line.matches("[0-9a-f]+ -?\\d+"))
                            .toList(),
                    flag);
        }
    }

    /** Rule P3: whatever the file is damaged to, the process says so, dies, or reads what is true. */
    @Test
    void p3_aDamagedTableIsNamedEndsTheProcessOrMeansNothing() throws Exception {
        SmallStore small = new SmallStore();
        Path safe = directory.resolve("safe");
        small.fill(() -> small.openReal(safe, Halt.THROW)).close();
        long bytes = Files.size(new EngineFiles(safe).table().resolve("data.mdb"));
        Map<String, Integer> told = new TreeMap<>();
        for (String damage : List.of("flip", "zero", "cut")) {
            int stride = damage.equals("flip") ? STRIDE : STRIDE == 1 ? 512 : 16_384;
            for (long at = 0; at < bytes; ) {
                Path work = directory.resolve("work");
                Ended ended = run(
                        List.of(),
                        List.of(),
                        "damaged",
                        damage,
                        safe.toString(),
                        work.toString(),
                        "" + at,
                        "" + stride);
                for (String line : ended.lines) {
                    if (line.startsWith("told ")) {
                        told.merge(damage + ": " + line.substring(5), 1, Integer::sum);
                    }
                }
                assertTrue(ended.code == 0 || ended.died, () -> "exit " + ended.code + problem());
                if (ended.died) {
                    told.merge(damage + ": the process died", 1, Integer::sum);
                }
                at = ended.code == 0 ? bytes : Long.parseLong(ended.last("at")) + stride;
            }
        }
        System.out.println("damage, closed store, LMDB file of " + bytes + " bytes: " + told);
        assertTrue(told.keySet().stream().noneMatch(what -> what.contains("EARLIER")), told::toString);
    }

    private String problem() {
        try {
            return ": " + Files.readString(directory.resolve("err"));
        } catch (IOException e) {
            return ": " + e;
        }
    }

    /** A system call fails under a real process: it goes on, says so, or halts; what it said was durable comes back. */
    @Test
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    void systemCallsThatFailNeverLoseWhatWasAcknowledged() throws Exception {
        assumeTrue(
                canTrace(),
                "skipped: needs strace and the right to trace, to let system calls of another process fail; the simulated"
                        + " disk of NthFaultTest fails every call without");
        Path whole = directory.resolve("whole");
        SmallStore small = new SmallStore();
        small.fill(() -> small.openReal(whole, Halt.THROW)).abandon();
        List<Path> files;
        try (Stream<Path> all = Files.walk(whole)) {
            files = all.filter(file -> Files.isRegularFile(file) && !file.endsWith("lock.mdb"))
                    .map(whole::relativize)
                    .toList();
        }
        Map<String, Integer> codes = new TreeMap<>();
        for (String fault : List.of("fsync,fdatasync:error=EIO", "pwrite64:error=EIO", "pwrite64:error=ENOSPC")) {
            for (boolean forGood : new boolean[] {false, true}) {
                for (int n = 0; n < CALLS; n++) {
                    int call = 4 + 5 * n;
                    codes.merge(fail(files, fault + ":when=" + call + (forGood ? "+" : "")), 1, Integer::sum);
                }
            }
        }
        System.out.println("failing system calls: processes ended by " + codes);
        assertTrue(codes.containsKey("exit " + Halt.EXIT_CODE), codes::toString);
    }

    /** @param files of the store, whose calls fail: a JVM writes others to start */
    private String fail(List<Path> files, String inject) throws Exception {
        SmallStore small = new SmallStore();
        Path store = Files.createTempDirectory(directory, "store");
        List<String> trace =
                new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + inject));
        files.forEach(file -> trace.addAll(List.of("-P", store.resolve(file).toString())));
        Ended ended = run(trace, List.of(), "apply", store.toString());
        boolean clean =
                ended.died || ended.code == 0 || ended.code == ChildStore.NAMED_ERROR || ended.code == Halt.EXIT_CODE;
        assertTrue(clean, () -> inject + ": exit " + ended.code + problem());
        String durable = ended.last("durable");
        Engine engine = small.openReal(store, Halt.THROW);
        try {
            long lsn = engine.state().applied();
            assertTrue(
                    durable.isEmpty() || Long.parseLong(durable) <= lsn, inject + ": LSN " + lsn + ", not " + durable);
            small.expected.checkState(engine);
        } finally {
            engine.abandon();
        }
        return ended.died ? "died by a signal" : "exit " + ended.code;
    }

    private static boolean canTrace() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(
                            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
