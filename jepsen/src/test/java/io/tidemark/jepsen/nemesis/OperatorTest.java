package io.tidemark.jepsen.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class OperatorTest {

    private final Truce truce = new Truce();
    private final Fake nodes = new Fake();
    private final List<Object> told = new ArrayList<>();
    private final Operator operator = new Operator(nodes, truce, Duration.ofMillis(300), Duration.ofMillis(600));

    @Test
    void aNodeThatGetsReadyNeedsNoMore() {
        begin(false);
        nodes.gets = () -> true;
        assertEquals("", operator.bringBack(List.of("n1")));
        assertEquals(List.of(), told);
    }

    @Test
    void aNodeThatBlowsKeepFromGettingReadyGetsATruce() {
        begin(false);
        nodes.gets = truce::holds;
        assertEquals("", operator.bringBack(List.of("n1")));
        assertEquals(1, operator.truces());
        assertFalse(truce.holds());
    }

    @Test
    void aNodeThatIsNotReadyInATruceEitherIsAnAnomaly() {
        begin(false);
        AssertionError said = assertThrows(AssertionError.class, () -> operator.bringBack(List.of("n1")));
        assertTrue(said.getMessage().contains("lived, and was not ready: words of n1"), said.getMessage());
        assertTrue(nodes.removed.isEmpty(), "nothing excuses the loss of its files");
    }

    @Test
    void aNodeThatRefusesItsDamagedFilesHasANewDisk() {
        begin(true);
        nodes.halts = nodes.removed::isEmpty;
        nodes.gets = () -> !nodes.removed.isEmpty();
        assertTrue(operator.bringBack(List.of("n1")).contains("halted again and again: words of n1; has a new disk"));
        assertEquals(1, operator.disks());
        assertEquals(3, operator.halts().size());
    }

    @Test
    void aNodeThatHangsOverDamagedFilesIsAnAnomalyAndHasANewDiskToGoOnWith() {
        begin(true);
        nodes.gets = () -> !nodes.removed.isEmpty();
        assertThrows(AssertionError.class, () -> operator.bringBack(List.of("n1")));
        assertTrue(nodes.ready("n1"));
    }

    @Test
    void damageThatLiesInWaitIsFoundBeforeTheNextBlow() {
        begin(true);
        nodes.gets = () -> true;
        nodes.reads = () -> !nodes.removed.isEmpty();
        assertEquals("n1 cannot read all that it has; has a new disk", operator.mend("n1"));
        assertEquals(Set.of("n1"), nodes.removed);
    }

    @Test
    void aNodeThatEndedByItselfIsStartedAndRemembered() {
        begin(false);
        nodes.living.add("n2");
        nodes.gets = () -> true;
        operator.lookAfter();
        assertEquals(Set.of("n1", "n2"), nodes.living);
        assertEquals(List.of("n1: words of n1"), operator.halts());
        assertEquals(List.of(List.of("halted", "n1: words of n1")), told);
    }

    private void begin(boolean damage) {
        nodes.living.add("n2");
        operator.begin((f, value) -> told.add(value), damage);
    }

    private static final class Fake implements Nodes {
        private final Set<String> living = new HashSet<>();
        private final Set<String> removed = new HashSet<>();
        private BooleanSupplier gets = () -> false;
        private BooleanSupplier halts = () -> false;
        private BooleanSupplier reads = () -> true;

        @Override
        public List<String> names() {
            return List.of("n1", "n2");
        }

        @Override
        public boolean alive(String node) {
            return living.contains(node);
        }

        @Override
        public boolean ready(String node) {
            return alive(node) && gets.getAsBoolean();
        }

        @Override
        public String words(String node) {
            return "words of " + node;
        }

        @Override
        public boolean readsAll(String node) {
            return reads.getAsBoolean();
        }

        @Override
        public void start(List<String> nodes) {
            if (!halts.getAsBoolean()) {
                living.addAll(nodes);
            }
        }

        @Override
        public void kill(String node) {
            living.remove(node);
        }

        @Override
        public void removeDirectory(String node) {
            removed.add(node);
        }
    }
}
