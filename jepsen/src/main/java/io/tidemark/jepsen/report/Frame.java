package io.tidemark.jepsen.report;

import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A plot's frame: time to the right, blows of the nemesis shaded, ticks and their lines. All plots of a page have the same
 * width and the same time, so that what stands above one another happened together.
 */
final class Frame {

    static final int WIDTH = 1000;
    private static final int LEFT = 62;
    private static final int RIGHT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 22;
    /** So near to the right edge a tick's words would be cut off. */
    private static final int EDGE = 25;
    /** Narrower ones would not be seen. */
    private static final double SHADE_MIN = 1.5;

    final Svg svg;
    final Scale x;
    final Scale y;

    /**
     * @param y its first and last are replaced by this frame's pixels
     */
    Frame(String label, int height, Scale y, Timeline timeline) {
        svg = new Svg(WIDTH, height, label);
        x = Scale.linear(0, timeline.seconds(), LEFT, WIDTH - RIGHT);
        this.y = new Scale(y.from(), y.to(), height - BOTTOM, TOP, y.log());
        for (NemesisInterval blow : timeline.blows()) {
            double begin = x.at(blow.begin() / 1e9);
            double width = Math.max(SHADE_MIN, x.at(blow.end() / 1e9) - begin);
            String title = blow.name()
                    + (blow.whom().isEmpty() ? "" : ": " + blow.whom())
                    + String.format(Locale.ROOT, ", %.1f to %.1f s", blow.begin() / 1e9, blow.end() / 1e9);
            svg.area("blow n" + timeline.shades().get(blow.name()), begin, TOP, width, height - TOP - BOTTOM, title);
        }
        if (timeline.anomaly() >= 0) {
            double at = x.at(timeline.anomaly() / 1e9);
            svg.line("anomaly", at, TOP, at, height - BOTTOM);
        }
    }

    /** Draws ticks; {@code words} says what stands beside those of the y axis. */
    Frame axes(int ticks, DoubleFunction<String> words) {
        for (double tick : y.ticks(ticks)) {
            double at = y.at(tick);
            svg.line("grid", x.first(), at, x.last(), at);
            svg.text("tick", x.first() - 7, at + 3.5, "end", words.apply(tick));
        }
        for (double tick : x.ticks(10)) {
            double at = x.at(tick);
            svg.line("axis", at, y.first(), at, y.first() + 4);
            svg.text("tick", at, y.first() + 16, at > WIDTH - EDGE ? "end" : "middle", seconds(tick));
        }
        svg.line("axis", x.first(), y.first(), x.last(), y.first());
        return this;
    }

    private String seconds(double tick) {
        if (x.to() >= 7_200) {
            return Svg.number(tick / 60) + " min";
        }
        return (x.to() < 5 ? String.format(Locale.ROOT, "%.2f", tick) : Svg.number(tick)) + " s";
    }
}
