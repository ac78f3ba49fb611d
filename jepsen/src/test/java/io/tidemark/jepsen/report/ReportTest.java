package io.tidemark.jepsen.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.Checkers;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {

    private static final History GOOD = SampleRun.history(false);
    private static final History BAD = SampleRun.history(true);

    @TempDir
    Path directory;

    private RunSummary write(History history) throws IOException {
        history.writeTo(directory.resolve(RunReport.HISTORY));
        Verdict verdict = Checkers.check(history, history.header().workload(), Limits.standard());
        return RunReport.write(directory, history, verdict, List.of("missing.log"));
    }

    private String page() throws IOException {
        return Files.readString(directory.resolve(RunReport.PAGE));
    }

    @Test
    void aGoodRunIsShownWhole() throws Exception {
        RunSummary summary = write(GOOD);
        assertEquals(Verdict.Outcome.VALID, summary.outcome());
        assertEquals(Map.of("kill", 2L, "pause", 1L, "partition-leader", 1L), summary.faults());
        String page = page();
        for (String wanted : List.of(
                "Valid: no anomaly",
                summary.command(),
                "href=\"history.jsonl\"",
                "href=\"history.edn\"",
                "<h3>read<small>",
                "<h3>write<small>",
                "<h3>n1</h3>",
                "<h3>n3</h3>",
                "kill: n1, 15.0 to 21.0 s")) {
            assertTrue(page.contains(wanted), wanted);
        }
        assertFalse(page.contains("missing.log"), "only files that exist are linked to");
    }

    @Test
    void theFirstAnomalyIsExplained() throws Exception {
        RunSummary summary = write(BAD);
        assertEquals(Verdict.Outcome.INVALID, summary.outcome());
        assertEquals(1, summary.anomaliesInAll());
        assertTrue(page().contains("Invalid: not-linearizable"));
        assertTrue(page().contains("no order of its operations explains all answers"));
    }

    @Test
    void thePageNeedsNothingFromOutsideAndIsWellFormed() throws Exception {
        write(BAD);
        String page = page();
        for (String foreign : List.of("http:", "https:", "<script", "<link", "@import", "url(", "src=")) {
            assertFalse(page.contains(foreign), foreign);
        }
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</body>") + 7);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
        assertTrue(page.length() < 1_000_000, "of " + page.length() + " characters");
    }

    @Test
    void whatOthersWroteIsNoMarkup() throws Exception {
        Header header = Header.of("register").with("<b>", "\"&\"");
        Recorder recorder = Recorder.inMemory(header, () -> 0);
        recorder.nemesis("<i>", List.of("strike"));
        write(recorder.history());
        assertTrue(page().contains("&lt;b&gt;") && page().contains("&lt;i&gt;"));
        assertFalse(page().contains("<b>\"") || page().contains("<i>:"));
    }

    @Test
    void theSummaryIsReadBack() throws Exception {
        RunSummary summary = write(BAD);
        assertEquals(summary, RunSummary.read(directory.resolve(RunReport.SUMMARY)));
    }

    @Test
    void theLedgerGrowsByARow() throws Exception {
        Path page = directory.resolve("reliability.md");
        String heading = "# Reliability\n" + Ledger.BEGIN + "\n| date |\n|---|\n";
        Files.writeString(page, heading + Ledger.END + "\nmore\n");
        RunSummary good = write(GOOD);
        new Ledger(page).add(good);
        new Ledger(page).add(write(BAD));
        List<String> lines = Files.readAllLines(page);
        assertEquals(
                String.format(
                        "| 2026-11-20 | b85a93d | 7 | 3 | register | kill+pause+partition-leader | 120 | 4 | %,d | %.1f %% | 0 | valid |",
                        good.operations(), 100 * good.infoShare()),
                lines.get(4));
        assertTrue(lines.get(5).endsWith("| 1 | invalid |"), lines.get(5));
        assertEquals(List.of(Ledger.END, "more"), lines.subList(6, 8));
    }

    @Test
    void theLedgerKnowsWhichRunsNeedNotBeRepeated() throws Exception {
        Path page = directory.resolve("reliability.md");
        Files.writeString(page, Ledger.BEGIN + "\n" + Ledger.END + "\n");
        Ledger ledger = new Ledger(page);
        String nemesis = "kill+pause+partition-leader";
        ledger.add(write(BAD));
        assertFalse(ledger.hasValid(7, 3, "register", nemesis, 60), "it was invalid");
        ledger.add(write(GOOD));
        assertTrue(ledger.hasValid(7, 3, "register", nemesis, 120));
        assertFalse(ledger.hasValid(7, 3, "register", nemesis, 121), "it was shorter");
        assertFalse(ledger.hasValid(8, 3, "register", nemesis, 60), "another seed has other sizes and blows");
        assertFalse(ledger.hasValid(7, 5, "register", nemesis, 60), "five nodes are another cluster");
        assertFalse(ledger.hasValid(7, 3, "set", nemesis, 60));
        assertFalse(ledger.hasValid(7, 3, "register", "kill", 60));
    }

    @Test
    void aPageWithoutALedgerIsRefused() throws Exception {
        Path page = directory.resolve("other.md");
        Files.writeString(page, "# Other\n");
        RunSummary summary = write(GOOD);
        assertThrows(IOException.class, () -> new Ledger(page).add(summary));
        assertEquals("# Other\n", Files.readString(page));
    }

    @Test
    void blowsThatWereNeverHealedLastToTheEnd() {
        long[] clock = {0};
        Recorder recorder = Recorder.inMemory(Header.of("set"), () -> clock[0]++);
        recorder.nemesis("kill", List.of("strike"));
        recorder.nemesis("pause", List.of("strike"));
        recorder.nemesis("kill", List.of("struck", "n1"));
        recorder.nemesis("kill", List.of("healed"));
        recorder.nemesis("kill", List.of("healed"));
        recorder.nemesis("pause", Map.of("odd", 1));
        assertEquals(
                List.of(new NemesisInterval("kill", "n1", 1, 3, 4), new NemesisInterval("pause", "", 2, 6, 6)),
                NemesisInterval.of(recorder.history()));
    }

    @Test
    void ticksAreRoundAndWithin() {
        assertEquals(
                List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0),
                Scale.linear(0, 120, 0, 1).ticks(6));
        assertEquals(
                List.of(0.1, 1.0, 10.0),
                Scale.log(0.1, 10, 0, 1).ticks(1).stream()
                        .map(t -> Math.round(t * 10) / 10.0)
                        .toList());
        assertEquals(0.5, Scale.log(0.1, 10, 0, 1).at(1), 1e-9);
        assertEquals(1.0, Scale.linear(0, 10, 0, 1).at(99), "what lies outside stays at the edge");
    }
}
