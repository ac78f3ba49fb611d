package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Header;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BankCheckerTest {

    private final Script script = new Script(
            Header.of("bank").with("total", "20").with("accounts", "a,b").with("non-negative", "true"));

    @Test
    void moneyThatOnlyMovesIsValid() {
        script.done(0, "read", Map.of("a", 10, "b", 10));
        script.done(0, "transfer", Map.of("from", "a", "to", "b", "amount", 4));
        script.done(1, "read", Map.of("a", 6, "b", 14));
        assertTrue(script.verdict().valid());
    }

    @Test
    void aWrongTotalIsFound() {
        script.done(0, "read", Map.of("a", 6, "b", 10));
        assertEquals(Set.of(BankChecker.WRONG_TOTAL), script.verdict().types());
        assertTrue(
                script.verdict().message().contains("in sum 16"),
                script.verdict().message());
    }

    @Test
    void aNegativeBalanceIsFoundWhereItIsForbidden() {
        script.done(0, "read", Map.of("a", -1, "b", 21));
        assertEquals(Set.of(BankChecker.NEGATIVE), script.verdict().types());
        Script lenient = new Script(Header.of("bank").with("total", "20"));
        assertTrue(lenient.done(0, "read", Map.of("a", -1, "b", 21)).verdict().valid());
    }

    @Test
    void aMissingAccountIsFound() {
        script.done(0, "read", Map.of("a", 20));
        assertEquals(Set.of(BankChecker.WRONG_ACCOUNTS), script.verdict().types());
    }

    @Test
    void withoutATotalOrReadsNothingIsKnown() {
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
        Script silent = Script.of("bank").done(0, "read", Map.of("a", 20));
        assertEquals(Verdict.Outcome.UNKNOWN, silent.verdict().outcome());
    }
}
