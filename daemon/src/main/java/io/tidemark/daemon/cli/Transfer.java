package io.tidemark.daemon.cli;

import io.tidemark.daemon.files.LoadProgress;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Progress of a load or export with its rate: in place each half second on a terminal, each ten seconds elsewhere. */
final class Transfer implements LoadProgress {
    private static final long IN_PLACE_NANOS = 500_000_000L;
    private static final long APPENDED_NANOS = 10_000_000_000L;

    private final Terminal terminal;
    private final String verb;
    private final long start = System.nanoTime();
    private long shown = start;

    Transfer(PrintWriter err, String verb) {
        this.terminal = Terminal.of(err);
        this.verb = verb;
    }

    @Override
    public void at(long count, long bytes, long ofCount, long ofBytes) {
        long now = System.nanoTime();
        if (now - shown >= (terminal.inPlace() ? IN_PLACE_NANOS : APPENDED_NANOS)) {
            shown = now;
            terminal.show(List.of(line(count, bytes, ofCount, ofBytes)));
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** So many per second since the start, in words. */
    String rate(long count, long bytes) {
        double seconds = Math.max(1e-3, seconds());
        return String.format(
                Locale.ROOT, "%,.0f/s, %s/s", count / seconds, TimelineView.bytes((long) (bytes / seconds)));
    }

    private String line(long count, long bytes, long ofCount, long ofBytes) {
        String of = ofCount < 0 ? "" : String.format(Locale.ROOT, " of %,d, %s", ofCount, TimelineView.bytes(ofBytes));
        return String.format(
                Locale.ROOT, "%s %,d, %s%s; %s", verb, count, TimelineView.bytes(bytes), of, rate(count, bytes));
    }
}
