package io.tidemark.jepsen.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What happened in one run: events in the order in which they were recorded. Unchangeable.
 *
 * <p>An invoke event is recorded before the call is made and its end after the answer is there, so an interval in the
 * history always contains the true one: a checker may be too lenient by that margin, never too strict.
 *
 * @param header what was run
 * @param events in order of their indexes
 * @param torn whether the file ended in the middle of a line, which is left out: the recorder was killed
 */
public record History(Header header, List<Event> events, boolean torn) {

    /** Copies the events and checks their indexes. */
    public History {
        events = List.copyOf(events);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).index() != i) {
                throw new IllegalArgumentException(
                        "event " + i + " has index " + events.get(i).index());
            }
        }
    }

    /** A whole history. */
    public static History of(Header header, List<Event> events) {
        return new History(header, events, false);
    }

    /** Clients' calls in the order in which they began. */
    public List<Call> calls() {
        return Call.of(events);
    }

    /** How the calls ended. */
    public Counts counts() {
        long[] counts = new long[Event.Type.values().length];
        for (Event event : events) {
            if (!event.nemesis()) {
                counts[event.type().ordinal()]++;
            }
        }
        long invoked = counts[Event.Type.INVOKE.ordinal()];
        long ok = counts[Event.Type.OK.ordinal()];
        long fail = counts[Event.Type.FAIL.ordinal()];
        return new Counts(invoked, ok, fail, invoked - ok - fail);
    }

    /** Writes the file. */
    public void writeTo(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HistoryJson.line(header));
            for (Event event : events) {
                out.write(HistoryJson.line(event));
            }
        }
    }

    /** Reads a file; fails with its name and the line's number where it is no history. */
    public static History read(Path file) throws IOException {
        Header header = Header.of(Header.UNKNOWN_WORKLOAD);
        List<Event> events = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            String line = in.readLine();
            for (int number = 1; line != null; number++) {
                String next = in.readLine();
                if (next == null && !endsWithLineFeed(file)) {
                    return new History(header, events, true);
                }
                try {
                    Map<?, ?> fields = HistoryJson.parse(line);
                    if (number == 1 && HistoryJson.isHeader(fields)) {
                        header = HistoryJson.header(fields);
                    } else {
                        events.add(HistoryJson.event(fields));
                    }
                } catch (IOException | IllegalArgumentException | ArithmeticException e) {
                    throw new IOException(
                            file + ", line " + number + " is no line of a history: " + e.getMessage() + ": " + line, e);
                }
                line = next;
            }
        }
        try {
            return new History(header, events, false);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no history: " + e.getMessage(), e);
        }
    }

    private static boolean endsWithLineFeed(Path file) throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n';
        }
    }
}
