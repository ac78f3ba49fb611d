package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import java.util.Arrays;
import java.util.List;

/** Writes down histories by hand, one event per call, on the register {@code x}. */
final class Calls {
    private final Recorder history = Recorder.inMemory(Header.of("register"), () -> 0);

    Calls invoke(int process, String f, String... value) {
        history.invoke(process, f, keyed(value));
        return this;
    }

    Calls ok(int process, String f, String... value) {
        history.ok(process, f, keyed(value), null);
        return this;
    }

    Calls okAt(String version, int process, String f, String... value) {
        history.ok(process, f, keyed(value), Event.Seen.version(version));
        return this;
    }

    Calls refused(int process, String... value) {
        history.fail(process, "cas", keyed(value), Operation.CONDITION_FAILED);
        return this;
    }

    Calls info(int process, String f, String... value) {
        history.info(process, f, keyed(value), "no answer");
        return this;
    }

    History history() {
        return history.history();
    }

    List<Operation> operations() {
        return Operation.of(history());
    }

    Verdict verdict() {
        return new LinearizabilityChecker().check(history(), Limits.standard().withStates(100_000));
    }

    private static List<Object> keyed(String... value) {
        return Arrays.asList("x", value.length == 2 ? Arrays.asList(value) : value[0]);
    }
}
