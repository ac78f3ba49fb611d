package io.tidemark.jepsen.history;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Histories as EDN, one operation per line, as Jepsen, Knossos and Elle read them.
 *
 * <pre>
 * {:index 0, :time 250, :process 3, :type :invoke, :f :write, :value ["k" "v1"]}           tuples of independent keys
 * {:index 0, :time 250, :process 3, :type :invoke, :f :write, :value "v1"}                 one key only: what Knossos takes
 * {:index 4, :time 990, :process 1, :type :ok, :f :txn, :value [[:append "x" 3] [:r "y" [1 2]]]}
 * {:index 5, :time 999, :process :nemesis, :type :info, :f :kill, :value ["struck" "n1"]}
 * </pre>
 *
 * <p>Types, functions and names of micro-operations become keywords, keys of maps integers where they are, else keywords;
 * all other strings stay strings. {@code version}, {@code lsn}, {@code node} and {@code error} follow where there are any.
 * The indexes of a single key are counted anew, because Knossos wants them without gaps.
 */
public final class EdnExport {

    private static final String TRANSACTION = "txn";
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

    private final Appendable out;

    private EdnExport(Appendable out) {
        this.out = out;
    }

    /** All of a history. */
    public static void write(History history, Appendable out) throws IOException {
        EdnExport export = new EdnExport(out);
        for (Event event : history.events()) {
            export.event(event, event.index(), event.value());
        }
    }

    /** The part of one register, without its key and without nemeses. */
    public static void writeKey(History history, String key, Appendable out) throws IOException {
        EdnExport export = new EdnExport(out);
        long index = 0;
        for (Event event : history.events()) {
            if (event.value() instanceof List<?> tuple
                    && !event.nemesis()
                    && tuple.size() == 2
                    && key.equals(String.valueOf(tuple.get(0)))) {
                export.event(event, index++, tuple.get(1));
            }
        }
    }

    private void event(Event event, long index, Object value) throws IOException {
        out.append("{:index ").append(Long.toString(index));
        out.append(", :time ").append(Long.toString(event.time()));
        out.append(", :process ").append(event.nemesis() ? ":nemesis" : Integer.toString(event.process()));
        out.append(", :type :").append(event.type().word());
        out.append(", :f ");
        keyword(event.f());
        out.append(", :value ");
        if (event.f().equals(TRANSACTION) && value instanceof List<?> operations) {
            microOperations(operations);
        } else {
            value(value);
        }
        optional(":version", event.seen().version());
        optional(":lsn", event.seen().lsn());
        optional(":node", event.seen().node());
        optional(":error", event.error());
        out.append("}\n");
    }

    private void optional(String name, Object value) throws IOException {
        if (value != null) {
            out.append(", ").append(name).append(' ');
            value(value);
        }
    }

    private void microOperations(List<?> operations) throws IOException {
        out.append('[');
        String between = "";
        for (Object operation : operations) {
            out.append(between).append('[');
            between = " ";
            List<?> parts = Values.list(operation);
            keyword(String.valueOf(parts.get(0)));
            for (Object part : parts.subList(1, parts.size())) {
                out.append(' ');
                value(part);
            }
            out.append(']');
        }
        out.append(']');
    }

    private void value(Object value) throws IOException {
        if (value == null) {
            out.append("nil");
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof List<?> list) {
            out.append('[');
            String between = "";
            for (Object item : list) {
                out.append(between);
                value(item);
                between = " ";
            }
            out.append(']');
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else {
            out.append(value.toString());
        }
    }

    private void map(Map<?, ?> map) throws IOException {
        out.append('{');
        String between = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(between);
            between = ", ";
            String key = entry.getKey().toString();
            if (NUMBER.matcher(key).matches()) {
                out.append(key);
            } else {
                keyword(key);
            }
            out.append(' ');
            value(entry.getValue());
        }
        out.append('}');
    }

    private void keyword(String name) throws IOException {
        if (NAME.matcher(name).matches()) {
            out.append(':').append(name);
        } else {
            string(name);
        }
    }

    private void string(String text) throws IOException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
