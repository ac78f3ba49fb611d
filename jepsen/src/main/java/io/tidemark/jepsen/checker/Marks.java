package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where one node's marks stand at one moment; the value of a {@code mark} event. Marks are LSNs, -1 before the first entry.
 *
 * @param history of the cluster, or empty
 * @param incarnation of the node; marks begin anew with each
 * @param pid of its process
 * @param checkedMoves how many moves this process has checked, -1 if it does not say
 */
public record Marks(
        String history,
        String node,
        long incarnation,
        long pid,
        long committed,
        long applied,
        long durable,
        long s3HighWaterMark,
        long raftLowWaterMark,
        long checkedMoves) {

    /** From the value of an event. */
    public static Marks of(Object value) {
        Map<?, ?> fields = Values.map(value);
        Object history = fields.get("history");
        return new Marks(
                history == null ? "" : history.toString(),
                fields.get("node").toString(),
                number(fields, "incarnation"),
                number(fields, "pid"),
                number(fields, "committed"),
                number(fields, "applied"),
                number(fields, "durable"),
                number(fields, "s3HighWaterMark"),
                number(fields, "raftLowWaterMark"),
                number(fields, "checkedMoves"));
    }

    private static long number(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a mark event without " + name + ": " + fields);
        }
        return Values.number(value);
    }

    /** As the value of an event. */
    public Map<String, Object> value() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("history", history);
        fields.put("node", node);
        fields.put("incarnation", incarnation);
        fields.put("pid", pid);
        fields.put("committed", committed);
        fields.put("applied", applied);
        fields.put("durable", durable);
        fields.put("s3HighWaterMark", s3HighWaterMark);
        fields.put("raftLowWaterMark", raftLowWaterMark);
        fields.put("checkedMoves", checkedMoves);
        return fields;
    }

    @Override
    public String toString() {
        return node + "-" + incarnation + " pid " + pid + " committed " + committed + " applied " + applied
                + " durable " + durable + " S3_HWM " + s3HighWaterMark + " Raft_LWM " + raftLowWaterMark + ", moves "
                + checkedMoves;
    }
}
