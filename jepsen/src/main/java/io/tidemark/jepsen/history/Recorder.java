package io.tidemark.jepsen.history;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Records events in the order in which they happen, into memory or into a file. Thread safe.
 *
 * <p>Into a file: what is kept in memory is one buffer, whatever the length of the run, and what was recorded a second ago
 * is with the operating system as soon as the next event comes. The file is read by {@link History#read}.
 */
public final class Recorder implements Chronicle, AutoCloseable {

    private static final long FLUSH_NANOS = Duration.ofSeconds(1).toNanos();

    /** Where events go. */
    private interface Sink extends Closeable {
        void put(Event event) throws IOException;

        History history() throws IOException;
    }

    private final LongSupplier nanos;
    private final long begin;
    private final Sink sink;
    private final long[] counts = new long[Event.Type.values().length];
    private long index;
    private boolean closed;

    private Recorder(LongSupplier nanos, Sink sink) {
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        this.sink = sink;
    }

    /** Into memory, for runs that are short. */
    public static Recorder inMemory(Header header, LongSupplier nanos) {
        return new Recorder(nanos, new Memory(header, new ArrayList<>()));
    }

    /** Into a file, which is made anew. */
    public static Recorder to(Path file, Header header, LongSupplier nanos) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        BufferedWriter out = Files.newBufferedWriter(file);
        out.write(HistoryJson.line(header));
        return new Recorder(nanos, new Lines(file, out));
    }

    /** A call begins. */
    public Event invoke(int process, String f, Object value) {
        return append(process, Event.Type.INVOKE, f, value, Event.Seen.NOTHING, null);
    }

    /** A call was done. */
    public Event ok(int process, String f, Object value, Event.Seen seen) {
        return append(process, Event.Type.OK, f, value, seen, null);
    }

    /** A call was certainly not done. */
    public Event fail(int process, String f, Object value, String error) {
        return append(process, Event.Type.FAIL, f, value, Event.Seen.NOTHING, error);
    }

    /** Nobody knows whether the call was done. */
    public Event info(int process, String f, Object value, String error) {
        return append(process, Event.Type.INFO, f, value, Event.Seen.NOTHING, error);
    }

    @Override
    public void nemesis(String f, Object value) {
        append(Event.NEMESIS, Event.Type.INFO, f, value, Event.Seen.NOTHING, null);
    }

    private synchronized Event append(
            int process, Event.Type type, String f, Object value, Event.Seen seen, String error) {
        if (closed) {
            throw new IllegalStateException(
                    "the history is closed; " + type.word() + " " + f + " of process " + process + " came too late");
        }
        Event event = new Event(index, process, type, f, value, nanos.getAsLong() - begin, seen, error);
        try {
            sink.put(event);
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written: " + e.getMessage(), e);
        }
        index++;
        if (!event.nemesis()) {
            counts[type.ordinal()]++;
        }
        return event;
    }

    /** How many clients' events are of this type. */
    public synchronized long count(Event.Type type) {
        return counts[type.ordinal()];
    }

    /** How calls ended so far; those under way count as unclear. */
    public synchronized Counts counts() {
        long invoked = count(Event.Type.INVOKE);
        long ok = count(Event.Type.OK);
        long fail = count(Event.Type.FAIL);
        return new Counts(invoked, ok, fail, invoked - ok - fail);
    }

    /** All events so far. */
    public synchronized History history() {
        try {
            return sink.history();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the history; whoever records now fails. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            sink.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written: " + e.getMessage(), e);
        }
    }

    private record Memory(Header header, List<Event> events) implements Sink {
        @Override
        public void put(Event event) {
            events.add(event);
        }

        @Override
        public History history() {
            return History.of(header, events);
        }

        @Override
        public void close() {}
    }

    private static final class Lines implements Sink {
        private final Path file;
        private final BufferedWriter out;
        private long flushed;
        private boolean open = true;

        Lines(Path file, BufferedWriter out) {
            this.file = file;
            this.out = out;
        }

        @Override
        public void put(Event event) throws IOException {
            out.write(HistoryJson.line(event));
            if (event.time() - flushed >= FLUSH_NANOS) {
                out.flush();
                flushed = event.time();
            }
        }

        @Override
        public History history() throws IOException {
            if (open) {
                out.flush();
            }
            return History.read(file);
        }

        @Override
        public void close() throws IOException {
            open = false;
            out.close();
        }
    }
}
