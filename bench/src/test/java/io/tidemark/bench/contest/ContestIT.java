package io.tidemark.bench.contest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.Main;
import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.report.EngineReport;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.trial.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** All engines as processes, each killed once in the middle of what it had not synced. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class ContestIT {
    private static final Scenario SCENARIO = new Scenario("tiny", new Memory(8 << 20), 256 << 10, 100);

    @TempDir
    Path directory;

    @Test
    void everyEngineFinishesAndComesBackAfterAKill() throws IOException {
        ContestPlan plan = plan(Duration.ofMinutes(3));
        Outcome outcome = contest(plan).run();
        assertEquals(List.of(), outcome.troubles());
        for (Row row : plan.rows()) {
            Standing standing = new Standing(outcome, SCENARIO, row);
            for (Peer peer : plan.peers()) {
                assertEquals(1, standing.of(peer).size(), peer + " has no figure for " + row);
            }
        }
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
        String page = new EngineReport(plan, outcome, Machine.here(), LocalDate.of(2026, 11, 20)).markdown();
        plan.peers().forEach(peer -> assertTrue(page.contains(peer.label() + " "), page));
        assertFalse(page.contains("## Troubles"), page);
    }

    @Test
    void whatTheTimeLimitCutsOffIsSaid() throws IOException {
        Outcome outcome = contest(plan(Duration.ZERO)).run();
        assertEquals(List.of(), outcome.results());
        assertEquals(1, outcome.troubles().size());
        assertTrue(
                outcome.troubles().get(0).contains("5 of 5 turns"),
                outcome.troubles().toString());
    }

    private Contest contest(ContestPlan plan) {
        return new Contest(plan, directory, Main.class, System::nanoTime, line -> {});
    }

    private static ContestPlan plan(Duration limit) {
        return new ContestPlan(
                List.of(Peer.values()),
                EnumSet.of(Row.FILL_RANDOM, Row.READ_RANDOM, Row.REOPEN_KILLED, Row.TRANSACTIONS_4),
                List.of(SCENARIO),
                1,
                Duration.ofMillis(50),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                limit,
                1);
    }
}
