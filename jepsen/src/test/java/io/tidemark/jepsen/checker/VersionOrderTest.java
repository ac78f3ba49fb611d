package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionOrderTest {

    @Test
    void concurrentWritesMayTakeAnyOrder() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").invoke(1, "write", "b").okAt("9.0", 0, "write", "a");
        calls.okAt("8.10", 1, "write", "b");
        calls.invoke(0, "write", "c").okAt("9.1", 0, "write", "c");
        assertEquals(Optional.empty(), VersionOrder.violation(calls.operations()));
    }

    @Test
    void aLaterWriteAtAnEarlierPlaceIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").okAt("10.0", 0, "write", "a");
        calls.invoke(1, "write", "b").okAt("9.7", 1, "write", "b");
        assertTrue(VersionOrder.violation(calls.operations()).orElseThrow().contains("earlier version"));
    }

    @Test
    void twoWritesAtOnePlaceAreFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").okAt("10.0", 0, "write", "a");
        calls.invoke(1, "write", "b").okAt("10.0", 1, "write", "b");
        assertTrue(VersionOrder.violation(calls.operations()).orElseThrow().contains("one version"));
    }
}
