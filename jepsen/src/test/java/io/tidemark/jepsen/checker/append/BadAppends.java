package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.history.History;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** The smallest history of each class of anomalies. */
enum BadAppends {
    G0("G0", a -> a.together("a x 1, a y 1", "a x 2, a y 2", "r x 1 2, r y 2 1")),
    G1A("G1a", a -> a.fail(0, "a x 1").done(1, "r x 1")),
    G1B("G1b", a -> a.together("a x 1, a x 2", "r x 1")),
    G1C("G1c", a -> a.together("a x 1, r y 1", "a y 1, r x 1")),
    READ_SKEW("G-single", a -> a.together("a x 1, a y 1", "r x, r y 1").done(2, "r x 1")),
    LOST_UPDATE("lost-update", a -> a.together("r x, a x 1", "r x, a x 2").done(2, "r x 1 2")),
    WRITE_SKEW("G2-item", a -> a.together("r x, a y 1", "r y, a x 1").done(2, "r x 1, r y 1")),
    DIRTY_UPDATE("dirty-update", a -> a.fail(0, "a x 1").done(1, "a x 2").done(2, "r x 1 2")),
    APPLIED_TWICE("duplicate-element", a -> a.done(0, "a x 1").done(0, "r x 1 1")),
    OUT_OF_NOWHERE("unexpected-element", a -> a.done(0, "a x 1").done(0, "r x 1 7")),
    TWO_ORDERS("incompatible-order", a -> a.together("a x 1", "a x 2", "r x 1", "r x 2")),
    OWN_APPEND_NOT_SEEN("internal", a -> a.done(0, "a x 1, r x")),
    READ_CHANGES_UNDER_WAY("internal", a -> a.together("a x 1", "r x, r x 1")),
    APPEND_LOST("lost-append", a -> a.done(0, "a x 1").done(1, "a x 2").done(1, "r x 2")),
    APPENDS_AGAINST_TIME("G0-realtime", a -> a.done(0, "a x 1").done(1, "a x 2").done(2, "r x 2 1")),
    READ_OF_THE_FUTURE("G1c-realtime", a -> a.done(0, "r x 1").done(1, "a x 1")),
    STALE_READ("G-single-realtime", a -> a.done(0, "a x 1").done(1, "r x").done(1, "r x 1")),
    STALE_TOGETHER(
            "G2-item-realtime",
            a -> a.begin(0, "a x 1, r y")
                    .done(1, "a y 1")
                    .done(2, "r x")
                    .ok(0, "a x 1, r y")
                    .done(1, "r x 1, r y 1")),
    LONG_CYCLE(
            "G2-item", a -> a.together("r x, a y 1", "r y, a z 1", "r z, a x 1").done(3, "r x 1, r y 1, r z 1"));

    final String type;
    private final UnaryOperator<Appends> script;

    BadAppends(String type, UnaryOperator<Appends> script) {
        this.type = type;
        this.script = script;
    }

    History history(String isolation) {
        return script.apply(new Appends(isolation)).history();
    }

    History history() {
        return history("strict-serializable");
    }

    static List<BadAppends> forbiddenBy(Isolation isolation) {
        return Arrays.stream(values())
                .filter(bad -> isolation.forbidden().contains(bad.type))
                .toList();
    }
}
