package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

    @Test
    void aReadMaySeeAWriteThatIsStillUnderWay() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a")
                .invoke(1, "read", (String) null)
                .ok(1, "read", "a")
                .ok(0, "write", "a");
        assertTrue(calls.verdict().valid());
    }

    @Test
    void aStaleReadIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(0, "write", "b").ok(0, "write", "b");
        calls.invoke(1, "read", (String) null).ok(1, "read", "a");
        Verdict verdict = calls.verdict();
        assertFalse(verdict.valid());
        assertTrue(verdict.decided());
        assertTrue(verdict.message().contains("process 1: read a"), verdict.message());
    }

    @Test
    void aWriteThatGoesAndComesBackIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(1, "write", "b");
        calls.invoke(2, "read", (String) null).ok(2, "read", "b");
        calls.invoke(2, "read", (String) null).ok(2, "read", "a");
        calls.ok(1, "write", "b");
        assertFalse(calls.verdict().valid());
    }

    @Test
    void anAcknowledgedWriteThatIsGoneIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(1, "read", (String) null).ok(1, "read", (String) null);
        assertFalse(calls.verdict().valid());
    }

    @Test
    void anUnclearWriteMayTakeEffectLateOrNever() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").info(0, "write", "a");
        calls.invoke(1, "read", (String) null).ok(1, "read", (String) null);
        calls.invoke(1, "read", (String) null).ok(1, "read", "a");
        assertTrue(calls.verdict().valid());
        calls.invoke(1, "read", (String) null).ok(1, "read", (String) null);
        assertFalse(calls.verdict().valid(), "but it does not take effect twice, nor is it undone");
    }

    @Test
    void aConditionalWriteAppliedTwiceIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "cas", null, "a").ok(0, "cas", null, "a");
        calls.invoke(1, "cas", "a", "b").ok(1, "cas", "a", "b");
        calls.invoke(2, "cas", "a", "c").ok(2, "cas", "a", "c");
        assertFalse(calls.verdict().valid());
    }

    @Test
    void aRefusalThoughTheConditionHeldIsFound() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(1, "cas", "a", "b").refused(1, "a", "b");
        assertFalse(calls.verdict().valid());
    }

    @Test
    void givingUpIsNotAnAcquittal() {
        Calls calls = new Calls();
        for (int i = 0; i < 20; i++) {
            calls.invoke(i, "write", "v" + i);
        }
        calls.invoke(99, "read", (String) null).ok(99, "read", "never written");
        for (int i = 0; i < 20; i++) {
            calls.ok(i, "write", "v" + i);
        }
        for (Limits limits :
                List.of(Limits.standard().withStates(1_000), Limits.standard().withTime(Duration.ofNanos(1)))) {
            Verdict verdict = new LinearizabilityChecker().check(calls.history(), limits);
            assertEquals(Verdict.Outcome.UNKNOWN, verdict.outcome());
            assertTrue(verdict.message().contains("given up"), verdict.message());
        }
    }

    @Test
    void unclearWritesThatNobodySawCostNothing() {
        Calls calls = new Calls();
        for (int i = 0; i < 2_000; i++) {
            calls.invoke(i, "write", "v" + i).info(i, "write", "v" + i);
        }
        calls.invoke(9_999, "read", (String) null).ok(9_999, "read", "never written");
        Verdict verdict = new LinearizabilityChecker()
                .check(calls.history(), Limits.standard().withStates(10));
        assertEquals(Verdict.Outcome.INVALID, verdict.outcome());
    }

    @Test
    void anUnclearWriteMayBeWhatARefusalSaw() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(1, "write", "b").info(1, "write", "b");
        calls.invoke(2, "cas", "a", "c").refused(2, "a", "c");
        assertTrue(calls.verdict().valid());
        calls.invoke(3, "read", (String) null).ok(3, "read", "a");
        assertFalse(calls.verdict().valid(), "but then a is gone for good");
    }

    @Test
    void theExplanationNamesThePrefixAndWhatDoesNotFit() {
        Calls calls = new Calls();
        calls.invoke(0, "write", "a").ok(0, "write", "a");
        calls.invoke(0, "write", "b").ok(0, "write", "b");
        calls.invoke(1, "read", (String) null).ok(1, "read", "a");
        assertEquals("""
                not-linearizable: key x: no order of its operations explains all answers. The longest that could be put in \
                order are 2 of 3, ending with
                    [0, 1] process 0: write a DONE
                    [2, 3] process 0: write b DONE
                  Then the register holds b, and next must come one of
                    [4, 5] process 1: read a DONE: it saw a, written by [0, 1] process 0: write a DONE""", calls.verdict().message());
    }

    @Test
    void aHistoryThatIsNoHistoryIsRefused() {
        Calls twice = new Calls().invoke(0, "read", (String) null).invoke(0, "read", (String) null);
        assertThrows(IllegalArgumentException.class, twice::operations);
        Calls unbegun = new Calls().ok(0, "read", (String) null);
        assertThrows(IllegalArgumentException.class, unbegun::operations);
    }

    /** Random small histories, good and bad, against a search through all orders that has nothing in common with ours. */
    @Test
    void agreesWithTryingAllOrders() {
        int good = 0;
        int bad = 0;
        for (int seed = 0; seed < 6_000; seed++) {
            List<Operation> operations = randomHistory(new Random(seed));
            boolean expected = someOrderFits(operations, null);
            assertEquals(
                    expected,
                    new LinearizabilityChecker()
                            .check(operations, Limits.standard())
                            .valid(),
                    () -> "operations: " + operations);
            good += expected ? 1 : 0;
            bad += expected ? 0 : 1;
        }
        assertTrue(good > 400 && bad > 400, good + " good, " + bad + " bad: the test says little");
    }

    private static List<Operation> randomHistory(Random random) {
        Recorder history = Recorder.inMemory(Header.of("register"), () -> 0);
        int processes = 2 + random.nextInt(4);
        List<List<Object>> open = new ArrayList<>(Collections.nCopies(processes, null));
        String[] functions = new String[processes];
        int[] numbers = IntStream.range(0, processes).toArray();
        int nextNumber = processes;
        int unclear = 3 + random.nextInt(6);
        for (int i = 0; i < 14; i++) {
            int p = random.nextInt(processes);
            if (open.get(p) == null) {
                functions[p] = List.of("read", "write", "cas").get(random.nextInt(3));
                Object change = Arrays.asList(value(random), value(random));
                open.set(p, Arrays.asList("x", functions[p].equals("cas") ? change : value(random)));
                history.invoke(numbers[p], functions[p], open.get(p));
                continue;
            }
            int dice = random.nextInt(unclear);
            if (dice == 0) {
                history.info(numbers[p], functions[p], open.get(p), "unclear");
                numbers[p] = nextNumber++;
            } else if (dice == 1 && functions[p].equals("cas")) {
                history.fail(numbers[p], functions[p], open.get(p), Operation.CONDITION_FAILED);
            } else {
                history.ok(numbers[p], functions[p], open.get(p), null);
            }
            open.set(p, null);
        }
        return Operation.of(history.history());
    }

    private static String value(Random random) {
        return Arrays.asList(null, "a", "b").get(random.nextInt(3));
    }

    private static boolean someOrderFits(List<Operation> left, String value) {
        if (left.stream().allMatch(o -> o.end() == Operation.OPEN)) {
            return true;
        }
        for (Operation next : left) {
            boolean tooEarly = left.stream().anyMatch(o -> o.end() < next.call());
            if (tooEarly || !fits(next, value)) {
                continue;
            }
            List<Operation> rest = new ArrayList<>(left);
            rest.remove(next);
            boolean applies = next.f().equals("write")
                    || (next.f().equals("cas")
                            && next.outcome() != Operation.Outcome.REFUSED
                            && Objects.equals(next.from(), value));
            if (someOrderFits(rest, applies ? next.to() : value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(Operation o, String value) {
        if (o.f().equals("read")) {
            return Objects.equals(o.to(), value);
        }
        if (o.f().equals("write") || o.outcome() == Operation.Outcome.UNKNOWN) {
            return true;
        }
        return (o.outcome() == Operation.Outcome.DONE) == Objects.equals(o.from(), value);
    }
}
