package io.tidemark.jepsen.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.AcknowledgedWrites;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.LinearizabilityChecker;
import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.checker.VersionOrder;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A harness proves itself by finding planted bugs, and by staying silent where there is none. */
class PlantedBugsTest {

    private final Recorder history = Recorder.inMemory(Header.of("register"), System::nanoTime);

    @ParameterizedTest
    @EnumSource(
            value = FakeStore.Bug.class,
            names = {"NONE", "LOSES_ANSWERS"})
    void aRightStoreIsAcquitted(FakeStore.Bug bug) {
        FakeStore store = new FakeStore(bug, 1);
        run(new RegisterWorkload(history, store));
        List<Operation> operations = Operation.of(history.history());
        Verdict verdict = verdict();
        assertTrue(verdict.valid(), verdict.message());
        assertEquals(Optional.empty(), VersionOrder.violation(operations));
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeStore.Bug.class,
            names = {"LOSES_WRITES", "APPLIES_TWICE", "READS_STALE", "IGNORES_CONDITIONS"})
    void registersFindEachBug(FakeStore.Bug bug) {
        run(new RegisterWorkload(history, new FakeStore(bug, 2)));
        Verdict verdict = verdict();
        assertFalse(verdict.valid());
        assertTrue(verdict.decided(), verdict.message());
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeStore.Bug.class,
            names = {"LOSES_WRITES", "APPLIES_TWICE"})
    void chainsFindLostAndDoubledWrites(FakeStore.Bug bug) {
        FakeStore store = new FakeStore(bug, 3);
        run(new ChainWorkload(history, store, "chain/", 0));
        assertFalse(AcknowledgedWrites.violations(Operation.of(history.history()), store.rows())
                .isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeStore.Bug.class,
            names = {"NONE", "LOSES_ANSWERS"})
    void chainsAcquitARightStore(FakeStore.Bug bug) {
        FakeStore store = new FakeStore(bug, 4);
        run(new ChainWorkload(history, store, "chain/", 100));
        List<Operation> operations = Operation.of(history.history());
        assertEquals(List.of(), AcknowledgedWrites.violations(operations, store.rows()));
    }

    @Test
    void aDoubledLastLinkAndAStrangersKeyAreFound() {
        FakeStore store = new FakeStore(FakeStore.Bug.NONE, 5);
        run(new ChainWorkload(history, store, "chain/", 0));
        List<Operation> operations = Operation.of(history.history());
        var rows = store.rows();
        String key = rows.keySet().iterator().next();
        rows.put(key, new AcknowledgedWrites.Row(rows.get(key).value(), "999999.0"));
        rows.put("chain/stranger", new AcknowledgedWrites.Row("v", "1.0"));
        assertEquals(2, AcknowledgedWrites.violations(operations, rows).size());
    }

    private void run(Workload workload) {
        workload.begin(4, 1);
        Waiting.until("2,000 calls", Duration.ofSeconds(30), () -> history.count(Event.Type.INVOKE), n -> n >= 2_000);
        workload.stop();
    }

    private Verdict verdict() {
        return new LinearizabilityChecker().check(history.history(), Limits.standard());
    }
}
