package io.tidemark.daemon.cli;

import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Shows the timeline again and again: every second in place on a terminal; elsewhere when it changed. */
final class TimelineLoop {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final int QUIET_LOOKS = 5;
    private static final int IDLE_LOOKS = 60;

    private final Cluster cluster;
    private final PrintWriter out;
    private final Terminal terminal;

    TimelineLoop(Cluster cluster, PrintWriter out) {
        this.cluster = cluster;
        this.out = out;
        this.terminal = Terminal.of(out);
    }

    /** Runs while the condition holds; returns early when the thread is interrupted. */
    void run(BooleanSupplier goOn) {
        List<String> shown = List.of();
        for (int looks = 0; goOn.getAsBoolean() && !Thread.currentThread().isInterrupted(); looks++) {
            ClusterReport report = cluster.report();
            List<String> lines = TimelineView.lines(report);
            if (!goOn.getAsBoolean()) {
                return;
            }
            boolean due = looks % QUIET_LOOKS == 0 && (!lines.equals(shown) || looks % IDLE_LOOKS == 0);
            if (terminal.inPlace() || due) {
                if (!terminal.inPlace()) {
                    out.println("-- " + LocalTime.now().format(CLOCK));
                }
                terminal.show(lines);
                shown = lines;
            }
            Poll.pause(REFRESH);
        }
    }
}
