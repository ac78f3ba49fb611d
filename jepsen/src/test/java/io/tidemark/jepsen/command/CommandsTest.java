package io.tidemark.jepsen.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.report.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int run(Object... words) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return line.execute(arguments);
    }

    private Path history(String workload, boolean lost) throws IOException {
        Recorder recorder = Recorder.inMemory(Header.of(workload), () -> 0);
        recorder.invoke(0, "add", 1);
        recorder.ok(0, "add", 1, null);
        recorder.invoke(0, "read", null);
        recorder.ok(0, "read", lost ? List.of() : List.of(1), null);
        Path file = directory.resolve("h.jsonl");
        recorder.history().writeTo(file);
        return file;
    }

    @Test
    void aValidHistoryIsZero() throws IOException {
        assertEquals(0, run("check", history("set", false)), err.toString());
        assertTrue(out.toString().startsWith("set: valid\n"), out.toString());
    }

    @Test
    void anInvalidHistoryIsOneAndExplained() throws IOException {
        assertEquals(1, run("check", history("set", true)));
        assertTrue(out.toString().contains("lost-element: [0, 1] process 0 added 1"), out.toString());
    }

    @Test
    void anUnknownVerdictIsOne() throws IOException {
        Path file = directory.resolve("h.jsonl");
        Recorder.inMemory(Header.of("set"), () -> 0).history().writeTo(file);
        assertEquals(1, run("check", file));
        assertTrue(out.toString().contains("set: unknown") && out.toString().contains("nobody read"), out.toString());
    }

    @Test
    void theWorkloadCanBeNamed() throws IOException {
        Path file = history("", false);
        assertEquals(2, run("check", file));
        assertTrue(err.toString().contains("--workload"), err.toString());
        assertEquals(0, run("check", file, "--workload", "set"));
    }

    @Test
    void wrongUsageIsTwo() throws IOException {
        Path file = history("set", false);
        assertEquals(2, run("check", directory.resolve("nothing.jsonl")));
        assertEquals(2, run("check", file, "--workload", "bank"), "a set is no bank");
        assertEquals(2, run("check", file, "--workload", "tombola"));
        assertEquals(2, run("check"));
        assertEquals(2, run());
        assertEquals(2, run("export", file));
        Files.writeString(file, "hello\n");
        assertEquals(2, run("check", file));
        assertTrue(err.toString().contains("h.jsonl, line 1"), err.toString());
    }

    @Test
    void jsonIsForPrograms() throws IOException {
        assertEquals(1, run("check", history("set", true), "--json"));
        assertTrue(
                out.toString().startsWith("{") && out.toString().contains("\"outcome\" : \"INVALID\""), out.toString());
    }

    @Test
    void ednIsExported() throws IOException {
        Path file = history("set", false);
        assertEquals(0, run("export", "--edn", file));
        assertTrue(out.toString().startsWith("{:index 0, :time 0, :process 0, :type :invoke, :f :add, :value 1}"));
        Path to = directory.resolve("h.edn");
        assertEquals(0, run("export", "--edn", file, "--to", to));
        assertEquals(out.toString(), Files.readString(to));
    }

    @Test
    void aReportIsWrittenAndEnteredIntoTheLedger() throws IOException {
        assertEquals(0, run("report", history("set", true)));
        assertTrue(Files.readString(directory.resolve("report.html")).contains("href=\"h.jsonl\""));
        Path page = directory.resolve("reliability.md");
        Files.writeString(page, Ledger.BEGIN + "\n" + Ledger.END + "\n");
        assertEquals(0, run("ledger", directory.resolve("summary.json"), "--to", page), err.toString());
        assertEquals(3, Files.readAllLines(page).size());
        assertEquals(2, run("ledger", directory.resolve("h.jsonl"), "--to", page));
        Files.writeString(page, "no table\n");
        assertEquals(1, run("ledger", directory.resolve("summary.json"), "--to", page));
    }
}
