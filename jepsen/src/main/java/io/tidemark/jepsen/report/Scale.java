package io.tidemark.jepsen.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to pixels, and knows where ticks are of use.
 *
 * @param log by powers of ten; then {@code from} is above 0
 */
record Scale(double from, double to, double first, double last, boolean log) {

    static Scale linear(double from, double to, double first, double last) {
        return new Scale(from, to > from ? to : from + 1, first, last, false);
    }

    static Scale log(double from, double to, double first, double last) {
        return new Scale(from, Math.max(to, 10 * from), first, last, true);
    }

    double at(double value) {
        double share = log
                ? (Math.log10(Math.max(value, from)) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))
                : (value - from) / (to - from);
        return first + Math.max(0, Math.min(1, share)) * (last - first);
    }

    /** Round values within, some {@code wanted} of them; of a logarithmic scale the powers of ten. */
    List<Double> ticks(int wanted) {
        List<Double> ticks = new ArrayList<>();
        if (log) {
            for (double tick = Math.pow(10, Math.ceil(Math.log10(from) - 1e-9)); tick <= to * 1.001; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double raw = (to - from) / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = power;
        for (int factor : new int[] {1, 2, 5, 10}) {
            step = factor * power;
            if (step >= raw) {
                break;
            }
        }
        for (double tick = Math.ceil(from / step) * step; tick <= to + step / 1e6; tick += step) {
            ticks.add(tick + 0.0); // no -0
        }
        return ticks;
    }
}
