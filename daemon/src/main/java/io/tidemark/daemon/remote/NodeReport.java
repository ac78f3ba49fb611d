package io.tidemark.daemon.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** One node's status, as {@code GET /v1/status} answers it or as {@link #down} says it. */
public final class NodeReport {
    /** Role of a node that does not answer. */
    public static final String DOWN = "DOWN";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIELDS = List.of(
            "name",
            "pid",
            "role",
            "term",
            "committed",
            "applied",
            "durable",
            "s3HighWaterMark",
            "raftLowWaterMark",
            "checkpointLsn",
            "kept",
            "redoChainLsn",
            "redoChain",
            "lagBytes",
            "lagSeconds",
            "http",
            "dir");

    private final JsonNode body;

    private NodeReport(JsonNode body) {
        this.body = body;
    }

    public static NodeReport of(JsonNode status) {
        return new NodeReport(status);
    }

    /** A node of which only its address is known; {@code dir} null when unknown. */
    public static NodeReport down(String name, String http, String dir) {
        ObjectNode body = JSON.createObjectNode();
        body.put("name", name).put("role", DOWN).put("http", http).put("dir", dir);
        return new NodeReport(body);
    }

    public String name() {
        return text("name");
    }

    public String role() {
        return text("role");
    }

    public boolean isDown() {
        return DOWN.equals(role());
    }

    public boolean isLeader() {
        return "LEADER".equals(role());
    }

    /** A number of the report; -1 when the node is down or does not say. */
    public long number(String field) {
        return body.path(field).asLong(-1);
    }

    public double decimal(String field) {
        return body.path(field).asDouble(0);
    }

    /** A text of the report; null when absent. */
    public String text(String field) {
        return body.path(field).isTextual() ? body.get(field).asText() : null;
    }

    /** Everything the node said. */
    public JsonNode body() {
        return body;
    }

    /** The fields of {@code status --json}, all of them, null where unknown. */
    public ObjectNode toJson() {
        ObjectNode out = JSON.createObjectNode();
        for (String field : FIELDS) {
            JsonNode value = body.get(field);
            out.set(field, value == null ? out.nullNode() : value);
        }
        return out;
    }
}
