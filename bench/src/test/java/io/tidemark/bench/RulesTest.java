package io.tidemark.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds docs/rules.md and docs/faults.md against the tests that they speak of, so that neither can rot. */
class RulesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern RULE =
            Pattern.compile("^- \\*\\*([A-Z]{1,2}\\d)\\*\\* (\\*Later\\*)?", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("void ((?:[a-z]{1,2}\\d+_)*)(\\w+)\\(");
    private static final Pattern NAMED = Pattern.compile("`([a-z]\\w*[a-z][A-Z]\\w+)`");

    private static final Set<String> tests = new TreeSet<>();
    private static final Set<String> tested = new TreeSet<>();

    @BeforeAll
    static void readTests() throws IOException {
        for (Path source : testSources()) {
            Matcher test = TEST.matcher(Files.readString(source));
            while (test.find()) {
                tests.add(test.group(1) + test.group(2));
                tested.addAll(List.of(test.group(1).toUpperCase(Locale.ROOT).split("_")));
            }
        }
    }

    @Test
    void everyRuleInForceHasATestNamedAfterIt() throws IOException {
        Set<String> missing = rulesInForce();
        assertTrue(missing.size() > 20, () -> "docs/rules.md lists only " + missing);
        missing.removeAll(tested);
        assertEquals(Set.of(), missing, "rules in docs/rules.md without a test named after them");
    }

    @Test
    void everyTestNamedInFaultsExists() throws IOException {
        Set<String> missing = new TreeSet<>();
        Matcher named = NAMED.matcher(Files.readString(ROOT.resolve("docs/faults.md")));
        while (named.find()) {
            missing.add(named.group(1));
        }
        assertTrue(missing.size() > 15, () -> "docs/faults.md names only " + missing);
        missing.removeAll(tests);
        assertEquals(Set.of(), missing, "tests named in docs/faults.md that do not exist");
    }

    @Test
    void x4_readmeSaysThatTheTrialEndpointNeverSyncs() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertTrue(readme.contains("for trial: **it never syncs**"), "README.md no longer says so");
    }

    private static Set<String> rulesInForce() throws IOException {
        Set<String> rules = new TreeSet<>();
        Matcher rule = RULE.matcher(Files.readString(ROOT.resolve("docs/rules.md")));
        while (rule.find()) {
            if (rule.group(2) == null) {
                rules.add(rule.group(1));
            }
        }
        return rules;
    }

    private static List<Path> testSources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(p -> p.toString().contains("/src/test/java/")
                            && p.toString().endsWith(".java"))
                    .toList();
        }
    }
}
