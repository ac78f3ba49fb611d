package io.tidemark.jepsen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.jepsen.checker.Checkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunOptionsTest {

    private static RunOptions of(List<String> workloads, Duration time, Duration blow, Duration stagger) {
        return new RunOptions(
                workloads, List.of("kill"), 3, time, blow, 7, 2, stagger, Path.of("out"), Optional.empty());
    }

    @Test
    void allStandsForEveryWorkloadAndEachHasItsJudgeAndItsDirectory() {
        RunOptions all = of(List.of(RunOptions.ALL), Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ZERO);
        assertEquals(Checkers.workloads(), Set.copyOf(all.workloads()));
        assertEquals("all", all.workload());
        assertEquals(Path.of("out", "bank"), all.directoryOf("bank"));
        RunOptions one = of(List.of("bank"), Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ZERO);
        assertEquals(Path.of("out"), one.directoryOf("bank"));
    }

    @Test
    void theCommandSaysWhatIsNotUsual() {
        RunOptions usual = of(List.of("set"), Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ZERO);
        assertEquals(
                "./tidemark jepsen run --workload set --nemesis kill --nodes 3 --time 120s --seed 7 --processes 2",
                usual.command());
        RunOptions other =
                of(List.of("set", "bank"), Duration.ofMinutes(2), Duration.ofSeconds(3), Duration.ofMillis(20));
        assertEquals(
                "./tidemark jepsen run --workload set,bank --nemesis kill --nodes 3 --time 120s --blow 3s --seed 7"
                        + " --processes 2 --stagger 20ms",
                other.command());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Duration minute = Duration.ofMinutes(1);
        for (List<String> workloads : List.of(List.<String>of(), List.of("set", "set"), List.of("chess"))) {
            assertThrows(IllegalArgumentException.class, () -> of(workloads, minute, minute, Duration.ZERO));
        }
        assertThrows(IllegalArgumentException.class, () -> of(List.of("set"), minute, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void timesAreWrittenAsPeopleWriteThem() {
        Durations times = new Durations();
        assertEquals(Duration.ofSeconds(90), times.convert("90"));
        assertEquals(Duration.ofMinutes(5), times.convert("5m"));
        assertEquals(Duration.ofHours(2), times.convert("2h"));
        assertEquals(Duration.ofMillis(20), times.convert("20ms"));
        for (String wrong : List.of("", "m", "5 m", "-1", "1d", "99999999999")) {
            assertThrows(picocli.CommandLine.TypeConversionException.class, () -> times.convert(wrong), wrong);
        }
    }
}
