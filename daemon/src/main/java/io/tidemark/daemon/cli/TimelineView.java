package io.tidemark.daemon.cli;

import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The timeline as a table: a line per node, one column per mark, in the order of the marks from new to old. */
final class TimelineView {
    private static final String ROW = "%-6s %-12s %6s %10s %10s %10s %10s %10s %10s %8s";

    private TimelineView() {}

    static List<String> lines(ClusterReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                ROW, "node", "role", "term", "committed", "applied", "durable", "S3_HWM", "Raft_LWM", "lag", "lag s"));
        for (NodeReport node : report.nodes()) {
            lines.add(
                    node.isDown()
                            ? String.format("%-6s %-12s", node.name(), node.role())
                                    .stripTrailing()
                            : row(node));
        }
        return lines;
    }

    private static String row(NodeReport node) {
        return String.format(
                Locale.ROOT,
                ROW,
                node.name(),
                node.role(),
                node.number("term"),
                node.number("committed"),
                node.number("applied"),
                node.number("durable"),
                node.number("s3HighWaterMark"),
                node.number("raftLowWaterMark"),
                bytes(node.number("lagBytes")),
                String.format(Locale.ROOT, "%.1f", node.decimal("lagSeconds")));
    }

    /** A number of bytes in at most 9 characters. */
    static String bytes(long bytes) {
        if (bytes < 0) {
            return "-";
        }
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }
}
