package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.cluster.Hosts;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import io.tidemark.jepsen.run.Run;
import io.tidemark.jepsen.run.RunOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A whole run under a seed that nobody has chosen: the share of every build in the search for bugs. */
class JepsenRunIT {

    @Test
    void aRandomSeedFindsNothing() throws IOException {
        long seed = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        Path out = Path.of("target", "jepsen", "run").toAbsolutePath();
        RunOptions options = RunOptions.of("register", nemeses(), Duration.ofSeconds(12), seed, out.resolve("" + seed));
        System.out.println("jepsen seed " + seed + ": " + options.command());
        RunSummary run = new Run(options, line -> System.out.println("jepsen: " + line)).run();
        System.out.println("jepsen: " + run.outcome() + ", " + run.ok() + " done, " + run.info() + " unclear, blows "
                + run.faults() + ", agreed after " + run.figures().get("agreement.millis") + " ms");
        assertEquals(Verdict.Outcome.VALID, run.outcome(), () -> options.command() + "\n" + run.anomalies());
        assertTrue(run.ok() > 0 && run.faultsInAll() > 0, "nobody was asked, or nothing struck: " + run);
        assertTrue(Files.size(options.out().resolve(RunReport.PAGE)) > 0);
    }

    private static List<String> nemeses() {
        try (Hosts hosts = Hosts.open(3)) {
            return hosts.links() == null ? List.of("kill", "pause", "s3") : List.of("kill", "pause", "partition", "s3");
        }
    }
}
