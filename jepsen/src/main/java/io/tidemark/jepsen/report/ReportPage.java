package io.tidemark.jepsen.report;

import static io.tidemark.jepsen.report.Svg.escape;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One run as an HTML page of its own: no script, no font, no picture from outside. */
public final class ReportPage {

    private static final int ANOMALIES_SHOWN = 12;

    private final History history;
    private final Verdict verdict;
    private final RunSummary summary;
    private final List<String> files;
    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Timeline timeline;

    private ReportPage(History history, Verdict verdict, List<String> files) {
        this.history = history;
        this.verdict = verdict;
        this.files = files;
        this.summary = RunSummary.of(history, verdict);
        this.timeline = Timeline.of(history, verdict);
    }

    /**
     * The page.
     *
     * @param files to link to, relative to the page
     */
    public static String html(History history, Verdict verdict, List<String> files) throws IOException {
        return new ReportPage(history, verdict, files).page();
    }

    private String page() throws IOException {
        String title = summary.workload() + (summary.nemesis().isEmpty() ? "" : " under " + summary.nemesis());
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.append("<title>").append(escape(title + ": " + word())).append("</title>\n");
        out.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        out.append("<header><p class=\"over\">Tidemark fault injection");
        out.append(summary.started().isEmpty() ? "" : " · " + escape(summary.started()));
        out.append(summary.commit().isEmpty() ? "" : " · commit " + escape(summary.commit()));
        out.append("</p><h1>").append(escape(title)).append("</h1></header>\n");
        verdict();
        run();
        calls();
        marks();
        out.append(
                        "<footer>Times are seconds since the run began. Shaded: from a blow to its healing; point at one to see")
                .append(" whom it struck.</footer>\n</main>\n</body>\n</html>\n");
        return out.toString();
    }

    private static String style() throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String word() {
        return verdict.outcome().name().toLowerCase(Locale.ROOT);
    }

    private void verdict() {
        out.append("<section class=\"verdict ")
                .append(word())
                .append("\"><h2>")
                .append(
                        switch (verdict.outcome()) {
                            case VALID -> "Valid: no anomaly";
                            case INVALID -> "Invalid: " + escape(String.join(", ", verdict.types()));
                            case UNKNOWN -> "Unknown: not decided, which is no acquittal";
                        });
        out.append("</h2>\n");
        verdict.notes()
                .forEach(note ->
                        out.append("<p class=\"lead\">").append(escape(note)).append("</p>\n"));
        if (summary.infoShare() > Counts.INFO_SHARE_MAX) {
            out.append("<p class=\"lead\">More than a tenth of the calls ended unclear: this run says little.</p>\n");
        }
        List<Anomaly> anomalies = verdict.anomalies();
        if (!anomalies.isEmpty()) {
            out.append("<p class=\"lead\">The first anomaly, ")
                    .append(escape(anomalies.get(0).type()))
                    .append("</p>\n");
            anomaly(anomalies.get(0));
        }
        if (anomalies.size() > 1) {
            out.append("<details><summary>")
                    .append(Math.min(anomalies.size(), ANOMALIES_SHOWN) - 1)
                    .append(" more of ")
                    .append(summary.anomaliesInAll())
                    .append("</summary>\n");
            anomalies.subList(1, Math.min(anomalies.size(), ANOMALIES_SHOWN)).forEach(more -> {
                out.append("<h3>").append(escape(more.type())).append("</h3>\n");
                anomaly(more);
            });
            out.append("</details>\n");
        }
        out.append("<div class=\"figures\">\n");
        figure(String.format(Locale.ROOT, "%,d", summary.operations()), "operations");
        figure(String.format(Locale.ROOT, "%,d", summary.ok()), "done");
        figure(String.format(Locale.ROOT, "%,d", summary.fail()), "not done");
        figure(String.format(Locale.ROOT, "%.1f %%", 100 * summary.infoShare()), "unclear");
        figure(String.format(Locale.ROOT, "%,d", summary.faultsInAll()), "faults injected");
        figure(String.format(Locale.ROOT, "%,.0f s", summary.seconds()), "long");
        figure(String.format(Locale.ROOT, "%,.0f/s", summary.ok() / Math.max(summary.seconds(), 1e-3)), "throughput");
        figure(String.format(Locale.ROOT, "%,d", summary.anomaliesInAll()), "anomalies");
        out.append("</div></section>\n");
    }

    private void anomaly(Anomaly anomaly) {
        out.append("<pre class=\"bad\">").append(escape(anomaly.explanation())).append("</pre>\n");
    }

    private void figure(String value, String name) {
        out.append("<div><b>").append(value).append("</b><span>").append(name).append("</span></div>\n");
    }

    private void run() {
        out.append("<section><h2>The run</h2>\n");
        if (!summary.command().isEmpty()) {
            out.append("<p class=\"lead\">Repeat it with</p>\n<pre>")
                    .append(escape(summary.command()))
                    .append("</pre>\n");
        }
        out.append("<div class=\"columns\"><table>\n");
        row("seed", Long.toString(summary.seed()));
        summary.parameters().forEach(this::row);
        summary.faults().forEach((name, count) -> row("faults: " + name, String.format(Locale.ROOT, "%,d", count)));
        out.append("</table>\n<div>\n");
        files();
        out.append("<details><summary>What the checkers counted</summary><table>\n");
        verdict.figures().forEach((name, count) -> row(name, String.format(Locale.ROOT, "%,d", count)));
        out.append("</table></details>\n</div></div></section>\n");
    }

    private void files() {
        if (files.isEmpty()) {
            return;
        }
        out.append("<p class=\"lead\">Everything that was seen</p>\n<ul class=\"files\">\n");
        files.forEach(file -> out.append("<li><a href=\"")
                .append(escape(file))
                .append("\">")
                .append(escape(file))
                .append("</a></li>\n"));
        out.append("</ul>\n");
    }

    private void row(String name, String value) {
        out.append("<tr><td>")
                .append(escape(name))
                .append("</td><td>")
                .append(escape(value))
                .append("</td></tr>\n");
    }

    private void calls() {
        Map<String, List<Call>> classes = new TreeMap<>();
        history.calls()
                .forEach(call -> classes.computeIfAbsent(call.f(), f -> new ArrayList<>())
                        .add(call));
        if (classes.isEmpty()) {
            return;
        }
        out.append("<section><h2>Latency and rate</h2>\n");
        out.append("<p class=\"lead\">Each call where it ended, on a logarithmic scale; below it, how many ended per")
                .append(" second.</p>\n<ul class=\"legend\">");
        legend("dot ok", "M11 6h0", "done");
        legend("dot fail", "M9 4l4 4m0-4l-4 4", "not done");
        legend("dot info", "M11 6h0", "unclear");
        nemeses();
        if (timeline.anomaly() >= 0) {
            legend("anomaly", "M11 0V12", "the first anomaly");
        }
        out.append("</ul>\n");
        classes.forEach((f, calls) -> {
            long ok = calls.stream().filter(Call::ok).count();
            long info = calls.stream().filter(Call::info).count();
            out.append("<h3>")
                    .append(escape(f))
                    .append("<small>")
                    .append(String.format(Locale.ROOT, "%,d calls, %,d done, %,d unclear", calls.size(), ok, info));
            out.append("</small></h3>\n");
            CallPlots plots = new CallPlots(calls, timeline);
            out.append(plots.latency()).append(plots.rate());
        });
        out.append("</section>\n");
    }

    private void marks() {
        Map<String, MarksPlot> plots = MarksPlot.of(history);
        if (plots.isEmpty()) {
            return;
        }
        long highest =
                plots.values().stream().mapToLong(MarksPlot::highest).max().orElse(0);
        out.append("<section><h2>Marks</h2>\n");
        out.append(
                        "<p class=\"lead\">Where each node stood, in LSNs. What lies below S3_HWM is in S3; the tinted band, above")
                .append(
                        " Raft_LWM, is in the node's Raft log. Together they are the whole history.</p>\n<ul class=\"legend\">");
        legend("mark committed", "M0 6H22", "committed");
        legend("mark durable", "M0 6H22", "durable");
        legend("mark hwm", "M0 6H22", "S3_HWM");
        legend("mark lwm", "M0 6H22", "Raft_LWM");
        nemeses();
        out.append("</ul>\n");
        plots.forEach((node, plot) -> {
            out.append("<h3>").append(escape(node)).append("</h3>\n");
            out.append(plot.draw(highest, timeline));
        });
        out.append("</section>\n");
    }

    private void legend(String style, String path, String name) {
        out.append("<li><svg viewBox=\"0 0 22 12\" aria-hidden=\"true\"><path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(path)
                .append("\"/></svg>")
                .append(name)
                .append("</li>");
    }

    private void nemeses() {
        timeline.shades()
                .forEach((name, shade) -> out.append("<li><i class=\"swatch n")
                        .append(shade)
                        .append("\"></i>")
                        .append(escape(name))
                        .append("</li>"));
    }
}
