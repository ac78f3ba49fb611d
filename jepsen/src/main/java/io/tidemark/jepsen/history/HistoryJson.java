package io.tidemark.jepsen.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Histories as JSON lines, in the shape of Jepsen's: one object per line, UTF-8, each line ended by a line feed.
 *
 * <pre>
 * {"tidemark-history":1,"workload":"register","nemesis":"kill","seed":7,"commit":"…","command":"…","started":"…","parameters":{…}}
 * {"index":0,"process":3,"type":"invoke","f":"write","value":["k","v1"],"time":250}
 * {"index":1,"process":3,"type":"ok","f":"write","value":["k","v1"],"time":900,"version":"17.3","lsn":17,"node":"n1"}
 * {"index":2,"process":"nemesis","type":"info","f":"kill","value":["struck","n1"],"time":950}
 * {"index":3,"process":4,"type":"info","f":"write","value":["k","v2"],"time":999,"error":"no answer"}
 * </pre>
 *
 * <p>The first line may be missing, and so may version, lsn, node and error where there is none. Fields that are not named
 * here are skipped when read. A line that is no event is refused, naming its number.
 */
final class HistoryJson {

    static final int VERSION = 1;

    private static final String MAGIC = "tidemark-history";
    private static final String NEMESIS = "nemesis";
    private static final JsonFactory JSON = new JsonFactory();

    private HistoryJson() {}

    static String line(Event event) throws IOException {
        StringWriter text = new StringWriter(160);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("index", event.index());
            if (event.nemesis()) {
                out.writeStringField("process", NEMESIS);
            } else {
                out.writeNumberField("process", event.process());
            }
            out.writeStringField("type", event.type().word());
            out.writeStringField("f", event.f());
            out.writeFieldName("value");
            write(event.value(), out);
            out.writeNumberField("time", event.time());
            optional("version", event.seen().version(), out);
            if (event.seen().lsn() != null) {
                out.writeNumberField("lsn", event.seen().lsn());
            }
            optional("node", event.seen().node(), out);
            optional("error", event.error(), out);
            out.writeEndObject();
        }
        return text.append('\n').toString();
    }

    static String line(Header header) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField(MAGIC, VERSION);
            out.writeStringField("workload", header.workload());
            out.writeStringField(NEMESIS, header.nemesis());
            out.writeNumberField("seed", header.seed());
            out.writeStringField("commit", header.commit());
            out.writeStringField("command", header.command());
            out.writeStringField("started", header.started());
            out.writeFieldName("parameters");
            write(header.parameters(), out);
            out.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void optional(String name, String value, JsonGenerator out) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static void write(Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(item, out);
            }
            out.writeEndArray();
        } else {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : Values.map(value).entrySet()) {
                out.writeFieldName(entry.getKey().toString());
                write(entry.getValue(), out);
            }
            out.writeEndObject();
        }
    }

    /** The line's fields. */
    static Map<?, ?> parse(String line) throws IOException {
        try (JsonParser in = JSON.createParser(line)) {
            in.nextToken();
            Object value = read(in);
            if (!(value instanceof Map<?, ?> fields) || in.nextToken() != null) {
                throw new IOException("it is not one JSON object");
            }
            return fields;
        }
    }

    static boolean isHeader(Map<?, ?> fields) {
        return fields.containsKey(MAGIC);
    }

    static Header header(Map<?, ?> fields) throws IOException {
        if (!Long.valueOf(VERSION).equals(fields.get(MAGIC))) {
            throw new IOException("histories of version " + fields.get(MAGIC) + " are unknown; this reads " + VERSION);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (fields.get("parameters") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> parameters.put(name.toString(), Values.text(value)));
        }
        Object seed = fields.get("seed");
        return new Header(
                word(fields, "workload"),
                word(fields, NEMESIS),
                seed == null ? 0 : Values.number(seed),
                word(fields, "commit"),
                word(fields, "command"),
                word(fields, "started"),
                parameters);
    }

    private static String word(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    static Event event(Map<?, ?> fields) {
        Object process = fields.get("process");
        Object lsn = fields.get("lsn");
        if (!(fields.get("f") instanceof String f) || !(fields.get("type") instanceof String type)) {
            throw new IllegalArgumentException("it has no type or no f");
        }
        return new Event(
                Values.number(fields.get("index")),
                NEMESIS.equals(process) ? Event.NEMESIS : Math.toIntExact(Values.number(process)),
                Event.Type.of(type),
                f,
                fields.get("value"),
                Values.number(fields.get("time")),
                new Event.Seen(
                        Values.text(fields.get("version")),
                        lsn == null ? null : Values.number(lsn),
                        Values.text(fields.get("node"))),
                Values.text(fields.get("error")));
    }

    private static Object read(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new IOException("it ends too early");
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(in));
                }
                yield items;
            }
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    fields.put(name, read(in));
                }
                yield fields;
            }
            default -> throw new IOException("unexpected " + token);
        };
    }
}
