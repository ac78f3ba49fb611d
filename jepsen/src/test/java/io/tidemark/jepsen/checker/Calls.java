package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.History;
import java.util.Arrays;
import java.util.List;

/** Writes down histories by hand, one event per call, on the register {@code x}. */
final class Calls {
    private final History history = new History(() -> 0);

    Calls invoke(int process, String f, String... value) {
        history.invoke(process, f, keyed(value));
        return this;
    }

    Calls ok(int process, String f, String... value) {
        history.ok(process, f, keyed(value), null);
        return this;
    }

    Calls okAt(String version, int process, String f, String... value) {
        history.ok(process, f, keyed(value), version);
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

    List<Operation> operations() {
        return Operation.of(history.events());
    }

    LinearizabilityChecker.Verdict verdict() {
        return new LinearizabilityChecker(100_000).check(operations());
    }

    private static List<String> keyed(String... value) {
        String[] keyed = new String[value.length + 1];
        keyed[0] = "x";
        System.arraycopy(value, 0, keyed, 1, value.length);
        return Arrays.asList(keyed);
    }
}
