package io.tidemark.jepsen.report;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Event;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Latency and rate of one class of calls. */
final class CallPlots {

    private static final int LATENCY_HEIGHT = 210;
    private static final int RATE_HEIGHT = 96;
    private static final double LATENCY_MIN_MS = 0.1;
    private static final int BINS_MAX = 250;
    private static final Event.Type[] ENDS = {Event.Type.OK, Event.Type.FAIL, Event.Type.INFO};

    private final List<Call> calls;
    private final Timeline timeline;

    CallPlots(List<Call> calls, Timeline timeline) {
        this.calls = calls;
        this.timeline = timeline;
    }

    private static double millis(Call call) {
        return (call.end().time() - call.invoke().time()) / 1e6;
    }

    /** Each call a point where it ended; points that would cover one another are drawn once. */
    String latency() {
        double slowest = calls.stream()
                .filter(c -> c.end() != null)
                .mapToDouble(CallPlots::millis)
                .max()
                .orElse(1);
        Scale y = Scale.log(LATENCY_MIN_MS, Math.pow(10, Math.ceil(Math.log10(Math.max(slowest, 1)))), 0, 1);
        Frame frame = new Frame("latency by time", LATENCY_HEIGHT, y, timeline).axes(5, CallPlots::time);
        for (Event.Type type : ENDS) {
            frame.svg.path("dot " + type.word(), points(frame, type));
        }
        return frame.svg.end();
    }

    private static String time(double millis) {
        return millis >= 1_000 ? Svg.number(millis / 1_000) + " s" : Svg.number(millis) + " ms";
    }

    private CharSequence points(Frame frame, Event.Type type) {
        BitSet drawn = new BitSet(Frame.WIDTH * LATENCY_HEIGHT);
        StringBuilder path = new StringBuilder();
        for (Call call : calls) {
            if (call.end() == null || call.type() != type) {
                continue;
            }
            int x = (int) Math.round(frame.x.at(call.end().time() / 1e9));
            int y = (int) Math.round(frame.y.at(millis(call)));
            int place = y * Frame.WIDTH + x;
            if (!drawn.get(place)) {
                drawn.set(place);
                path.append('M')
                        .append(x)
                        .append(' ')
                        .append(y)
                        .append(type == Event.Type.FAIL ? "m-2-2l4 4m0-4l-4 4" : "h0");
            }
        }
        return path;
    }

    /** Calls that ended per second, by how they ended. */
    String rate() {
        double seconds = timeline.seconds();
        int bins = (int) Math.max(1, Math.min(BINS_MAX, Math.ceil(seconds)));
        double width = seconds / bins;
        Map<Event.Type, double[]> rates = new EnumMap<>(Event.Type.class);
        double most = 0;
        for (Event.Type type : ENDS) {
            double[] rate = new double[bins];
            for (Call call : calls) {
                if (call.end() != null && call.type() == type) {
                    int bin = (int) Math.min(bins - 1, call.end().time() / 1e9 / width);
                    rate[bin] += 1 / width;
                    most = Math.max(most, rate[bin]);
                }
            }
            rates.put(type, rate);
        }
        Frame frame = new Frame("rate by time", RATE_HEIGHT, Scale.linear(0, Math.max(most, 1), 0, 1), timeline)
                .axes(3, tick -> String.format(Locale.ROOT, "%,.0f/s", tick));
        rates.forEach((type, rate) -> frame.svg.path("rate " + type.word(), curve(frame, rate, width)));
        return frame.svg.end();
    }

    /** A line through the bins; where there is nothing for long there is no line. */
    private static StringBuilder curve(Frame frame, double[] rate, double width) {
        StringBuilder path = new StringBuilder();
        boolean drawn = false;
        for (int bin = 0; bin < rate.length; bin++) {
            boolean empty = rate[bin] == 0
                    && (bin == 0 || rate[bin - 1] == 0)
                    && (bin + 1 == rate.length || rate[bin + 1] == 0);
            if (!empty) {
                path.append(drawn ? 'L' : 'M')
                        .append(Svg.number(frame.x.at((bin + 0.5) * width)))
                        .append(' ')
                        .append(Svg.number(frame.y.at(rate[bin])));
            }
            drawn = !empty;
        }
        return path;
    }
}
