package io.tidemark.jepsen.report;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.EdnExport;
import io.tidemark.jepsen.history.History;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a run, in one directory:
 *
 * <pre>
 * history.jsonl   what happened; the recorder wrote it
 * history.edn     the same for Knossos and Elle
 * summary.json    the run in figures
 * report.html     a page for people
 * </pre>
 */
public final class RunReport {

    /** Where a run's recorder writes. */
    public static final String HISTORY = "history.jsonl";
    /** The same as EDN. */
    public static final String EDN = "history.edn";
    /** {@link RunSummary}. */
    public static final String SUMMARY = "summary.json";
    /** {@link ReportPage}. */
    public static final String PAGE = "report.html";

    private RunReport() {}

    /**
     * Writes everything but the history itself, which is linked to.
     *
     * @param more other files in the directory that the page links to
     */
    public static RunSummary write(Path directory, History history, Verdict verdict, List<String> more)
            throws IOException {
        Files.createDirectories(directory);
        try (BufferedWriter edn = Files.newBufferedWriter(directory.resolve(EDN))) {
            EdnExport.write(history, edn);
        }
        RunSummary summary = RunSummary.of(history, verdict);
        summary.writeTo(directory.resolve(SUMMARY));
        List<String> files = new ArrayList<>(List.of(HISTORY, EDN, SUMMARY));
        files.addAll(more);
        files.removeIf(file -> !Files.exists(directory.resolve(file)));
        Files.writeString(directory.resolve(PAGE), ReportPage.html(history, verdict, files));
        return summary;
    }
}
