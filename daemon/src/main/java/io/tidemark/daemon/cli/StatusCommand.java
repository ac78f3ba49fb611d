package io.tidemark.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark status}. */
@Command(
        name = "status",
        description = {
            "Shows every node's role and marks. A node that does not answer is DOWN.",
            "Exit code 1 when no node answers."
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Option(names = "--json", description = "print one JSON object, for a program")
    private boolean json;

    @Option(names = "--watch", description = "show it again every second until Ctrl-C")
    private boolean watch;

    @Override
    public Integer call() {
        Cluster cluster = target.cluster();
        PrintWriter out = spec.commandLine().getOut();
        if (watch) {
            new TimelineLoop(cluster, out).run(() -> true);
            return CommandLine.ExitCode.OK;
        }
        ClusterReport report = cluster.report();
        if (json) {
            out.println(report.toJson());
        } else {
            print(report, out);
        }
        out.flush();
        if (report.live().isEmpty()) {
            spec.commandLine().getErr().println("tidemark: no node answers; start the cluster with 'tidemark up'");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private static void print(ClusterReport report, PrintWriter out) {
        out.println("cluster " + report.cluster() + ", leader "
                + (report.leaderName() == null ? "none" : report.leaderName()));
        TimelineView.lines(report).forEach(out::println);
        out.println(rest(report));
        kept(report).forEach(out::println);
    }

    /** What of the past is kept, if not all of it. */
    static List<String> kept(ClusterReport report) {
        JsonNode kept = report.leader()
                .or(() -> report.live().stream().findFirst())
                .map(node -> node.body().path("kept"))
                .orElse(MissingNode.getInstance());
        List<String> lines = new ArrayList<>();
        if (kept.path("floor").asLong(-1) >= 0) {
            lines.add("history is kept from LSN " + kept.path("floor").asLong() + " on");
        }
        kept.path("pins")
                .forEach(pin -> lines.add("LSN " + pin.path("lsn").asLong() + " is pinned as "
                        + pin.path("name").asText()));
        return lines;
    }

    /** Where the cluster stands to its place of rest, in a sentence. */
    static String rest(ClusterReport report) {
        if (report.marksEqual()) {
            return "at rest: Raft_LWM = S3_HWM = " + report.live().get(0).number("s3HighWaterMark")
                    + " on every node that answers";
        }
        long lag = report.live().stream()
                .mapToLong(n -> n.number("lagBytes"))
                .max()
                .orElse(-1);
        if (lag > 0) {
            return TimelineView.bytes(lag) + " are not in S3 yet";
        }
        return report.live().stream()
                        .map(NodeReport::name)
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("nobody") + " answer; their marks are on the way to one another";
    }
}
