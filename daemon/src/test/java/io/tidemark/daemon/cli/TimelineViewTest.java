package io.tidemark.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineViewTest {
    @Test
    void aLinePerNodeWithItsMarks() throws IOException {
        ClusterReport report =
                report(node("n1", "LEADER", 900, 890, 890, 2048), NodeReport.down("n2", "127.0.0.1:1", "/d/n2"));
        List<String> lines = TimelineView.lines(report);
        assertEquals(3, lines.size());
        assertEquals(
                "n1 LEADER 3 900 900 880 890 890 2.0 KiB 1.5",
                lines.get(1).trim().replaceAll(" +", " ").replace("2.0 KiB", "2.0 KiB"));
        assertEquals("n2 DOWN", lines.get(2).replaceAll(" +", " "));
        assertEquals("n1", report.leaderName());
        assertFalse(report.marksEqual());
        assertEquals("2.0 KiB are not in S3 yet", StatusCommand.rest(report));
    }

    @Test
    void atRestWhenTheMarksAreEqualAndNothingWaits() throws IOException {
        ClusterReport report = report(node("n1", "LEADER", 9, 8, 8, 0), node("n2", "FOLLOWER", 9, 8, 8, 0));
        assertTrue(report.marksEqual());
        assertTrue(StatusCommand.rest(report).contains("Raft_LWM = S3_HWM = 8"));
        assertFalse(report(node("n1", "LEADER", 9, 8, 7, 0)).marksEqual());
        assertFalse(report(node("n1", "LEADER", 9, 8, 8, 0), node("n2", "FOLLOWER", 9, 7, 7, 0))
                .marksEqual());
    }

    @Test
    void aDownNodeHasEveryFieldOfTheStatus() throws IOException {
        JsonNode json = NodeReport.down("n2", "127.0.0.1:1", "/d/n2").toJson();
        JsonNode live = node("n1", "LEADER", 9, 8, 8, 0).toJson();
        live.fieldNames().forEachRemaining(field -> assertTrue(json.has(field), field));
        assertTrue(json.size() > 10, json.toString());
        assertEquals("DOWN", json.path("role").asText());
        assertTrue(json.path("pid").isNull());
        assertEquals("/d/n2", json.path("dir").asText());
    }

    @Test
    void bytesAreShort() {
        assertEquals("0 B", TimelineView.bytes(0));
        assertEquals("1023 B", TimelineView.bytes(1023));
        assertEquals("1.0 KiB", TimelineView.bytes(1024));
        assertEquals("512 MiB", TimelineView.bytes(512L << 20));
        assertEquals("8.0 EiB", TimelineView.bytes(Long.MAX_VALUE));
    }

    @Test
    void linesAreWrittenOverOnATerminalAndAppendedElsewhere() {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), true);
        terminal.show(List.of("a", "b"));
        terminal.show(List.of("c", "d"));
        assertEquals("a\nb\n\u001b[2A\u001b[Jc\nd\n", out.toString());
        StringWriter file = new StringWriter();
        Terminal appended = new Terminal(new PrintWriter(file), false);
        appended.show(List.of("a"));
        appended.show(List.of("b"));
        assertEquals("a\nb\n", file.toString());
    }

    private static ClusterReport report(NodeReport... nodes) {
        return new ClusterReport("id", null, List.of(nodes));
    }

    private static NodeReport node(String name, String role, long applied, long hwm, long lwm, long lag)
            throws IOException {
        return NodeReport.of(new ObjectMapper()
                .readTree(("{'name':'%s','role':'%s','term':3,'committed':%d,'applied':%d,'durable':880,"
                                + "'s3HighWaterMark':%d,'raftLowWaterMark':%d,'lagBytes':%d,'lagSeconds':1.5}")
                        .formatted(name, role, applied, applied, hwm, lwm, lag)
                        .replace('\'', '"')));
    }
}
