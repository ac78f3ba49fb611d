package io.tidemark.jepsen.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Records events in the order in which they happen. Thread safe.
 *
 * <p>An invoke event is recorded before the call is made and its end after the answer is there, so an interval in the
 * history always contains the true one: a checker may be too lenient by that margin, never too strict.
 */
public final class History {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LongSupplier nanos;
    private final long begin;
    private final List<Event> events = new ArrayList<>();

    /** @param nanos a monotonic clock in nanoseconds */
    public History(LongSupplier nanos) {
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
    }

    /** A call begins. */
    public Event invoke(int process, String f, List<String> value) {
        return append(process, Event.Type.INVOKE, f, value, null, null);
    }

    /** A call was done; {@code version} may be null. */
    public Event ok(int process, String f, List<String> value, String version) {
        return append(process, Event.Type.OK, f, value, version, null);
    }

    /** A call was certainly not done. */
    public Event fail(int process, String f, List<String> value, String error) {
        return append(process, Event.Type.FAIL, f, value, null, error);
    }

    /** Nobody knows whether the call was done; also used for what a nemesis does. */
    public Event info(int process, String f, List<String> value, String error) {
        return append(process, Event.Type.INFO, f, value, null, error);
    }

    private synchronized Event append(
            int process, Event.Type type, String f, List<String> value, String version, String error) {
        Event event = new Event(events.size(), process, type, f, value, version, error, nanos.getAsLong() - begin);
        events.add(event);
        return event;
    }

    /** All events so far. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** The share of clients' calls that ended unclear, 0 to 1; above 0.1 a run says nothing. */
    public synchronized double infoShare() {
        long calls = count(Event.Type.INVOKE);
        return calls == 0 ? 0 : (double) count(Event.Type.INFO) / calls;
    }

    /** How many clients' events are of this type. */
    public synchronized long count(Event.Type type) {
        return events.stream()
                .filter(e -> e.process() != Event.NEMESIS && e.type() == type)
                .count();
    }

    /** Writes one JSON object per line. */
    public void writeTo(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Event event : events()) {
                out.write(JSON.writeValueAsString(event));
                out.write('\n');
            }
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static List<Event> read(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                events.add(JSON.readValue(line, Event.class));
            }
        }
        return events;
    }
}
