package io.tidemark.jepsen.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.byteman.check.RuleCheck;
import org.jboss.byteman.check.RuleCheckResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules name methods of the product, which must be there for them. */
class PlantedFaultTest {
    @TempDir
    Path directory;

    private static List<String> problems(String script) {
        RuleCheck check = new RuleCheck();
        check.addRule("rule", script);
        check.checkRules();
        RuleCheckResult result = check.getResult();
        List<String> problems = new ArrayList<>(result.getErrorMessages());
        problems.addAll(result.getWarningMessages());
        return problems;
    }

    @Test
    void aRuleThatMissesItsMethodIsTold() {
        String rule = PlantedFault.LOCAL_READS.script().replace("METHOD readIndex", "METHOD readIndexes");
        assertEquals(1, problems(rule).size(), () -> problems(rule).toString());
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleMeetsTheMethodThatItLiesAbout(PlantedFault fault) {
        assertEquals(List.of(), problems(fault.script()));
        assertTrue(fault.script().startsWith("# " + fault.what()), fault.script());
    }

    @Test
    void thereAreAtLeastTwentyFive() {
        assertTrue(PlantedFault.values().length >= 25);
    }

    @Test
    void clocksAreThoseOfTheJdk() throws IOException {
        Clocks clocks = new Clocks(directory, List.of("n1"));
        assertEquals(List.of(), problems(Files.readString(clocks.rule())));
    }

    @Test
    void aDaemonIsToldOfAgentRulesAndHelpers() {
        Path rule = PlantedFault.LOCAL_READS.rule(directory);
        Path clocks = new Clocks(directory, List.of("n1")).rule();
        assertTrue(Files.exists(rule) && Files.exists(clocks));
        assertEquals(PlantedFault.LOCAL_READS, PlantedFault.of("local-reads").orElseThrow());
        List<String> arguments = Agent.jvmArguments(List.of(rule, clocks));
        assertTrue(
                arguments
                        .get(0)
                        .matches(
                                "-javaagent:.*byteman.*[.]jar=script:.*local-reads[.]btm,script:.*clocks[.]btm,boot:.*"),
                arguments::toString);
    }
}
