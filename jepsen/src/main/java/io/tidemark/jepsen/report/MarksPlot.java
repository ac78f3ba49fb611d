package io.tidemark.jepsen.report;

import io.tidemark.jepsen.checker.Marks;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Where the marks of one node stood, by time. A new incarnation begins new lines. */
final class MarksPlot {

    private static final int HEIGHT = 170;

    /** One moment. */
    record Moment(long nanos, Marks marks) {}

    private final List<Moment> moments;

    private MarksPlot(List<Moment> moments) {
        this.moments = moments;
    }

    /** The plots of all nodes that told of their marks, by name. */
    static Map<String, MarksPlot> of(History history) {
        Map<String, List<Moment>> byNode = new TreeMap<>();
        for (Event event : history.events()) {
            if (event.nemesis() && event.f().equals(Event.MARK)) {
                Marks marks = Marks.of(event.value());
                byNode.computeIfAbsent(marks.node(), n -> new ArrayList<>()).add(new Moment(event.time(), marks));
            }
        }
        Map<String, MarksPlot> plots = new TreeMap<>();
        byNode.forEach((node, moments) -> plots.put(node, new MarksPlot(moments)));
        return plots;
    }

    /** The greatest LSN of all. */
    long highest() {
        return moments.stream().mapToLong(m -> m.marks().committed()).max().orElse(0);
    }

    String draw(long highest, Timeline timeline) {
        Frame frame = new Frame("marks by time", HEIGHT, Scale.linear(-1, highest, 0, 1), timeline)
                .axes(4, tick -> String.format(Locale.ROOT, "%,.0f", tick));
        for (List<Moment> life : lives()) {
            List<Double> shipped = ys(frame, life, Marks::s3HighWaterMark);
            List<Double> forgotten = ys(frame, life, Marks::raftLowWaterMark);
            List<Double> committed = ys(frame, life, Marks::committed);
            frame.svg.path("held log", band(frame, life, committed, forgotten));
            frame.svg.path("mark committed", steps(frame, life, committed));
            frame.svg.path("mark durable", steps(frame, life, ys(frame, life, Marks::durable)));
            frame.svg.path("mark hwm", steps(frame, life, shipped));
            frame.svg.path("mark lwm", steps(frame, life, forgotten));
        }
        return frame.svg.end();
    }

    private List<List<Moment>> lives() {
        List<List<Moment>> lives = new ArrayList<>();
        Marks before = null;
        for (Moment moment : moments) {
            if (before == null || before.incarnation() != moment.marks().incarnation()) {
                lives.add(new ArrayList<>());
            }
            lives.get(lives.size() - 1).add(moment);
            before = moment.marks();
        }
        return lives;
    }

    private static List<Double> ys(Frame frame, List<Moment> life, ToLongFunction<Marks> mark) {
        return life.stream().map(m -> frame.y.at(mark.applyAsLong(m.marks()))).toList();
    }

    /** A mark stands where it is until it moves; what a pixel would hide is left out. */
    private static StringBuilder steps(Frame frame, List<Moment> life, List<Double> ys) {
        StringBuilder path = new StringBuilder();
        String at = "";
        for (int i = 0; i < life.size(); i++) {
            String x = Svg.number(frame.x.at(life.get(i).nanos() / 1e9));
            String y = Svg.number(ys.get(i));
            if (path.length() == 0) {
                path.append('M').append(x).append(' ').append(y);
            } else if (!at.equals(x + " " + y)) {
                path.append('H').append(x).append('V').append(y);
            }
            at = x + " " + y;
        }
        return path;
    }

    private static StringBuilder band(Frame frame, List<Moment> life, List<Double> upper, List<Double> lower) {
        StringBuilder path = steps(frame, life, upper);
        for (int i = life.size() - 1; i >= 0; i--) {
            String x = Svg.number(frame.x.at(life.get(i).nanos() / 1e9));
            String y = Svg.number(lower.get(i));
            path.append(i == life.size() - 1 ? "L" + x + " " + y : "V" + y + "H" + x);
        }
        return path.append('Z');
    }
}
