package io.tidemark.bench;

import io.tidemark.bench.contest.Contest;
import io.tidemark.bench.contest.ContestPlan;
import io.tidemark.bench.contest.Outcome;
import io.tidemark.bench.contest.Scenario;
import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.report.EngineReport;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.trial.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description =
                "Tidemark's engine beside RocksDB, LMDB, H2 MVStore and Berkeley DB JE: equal memory, equal durability.")
final class EngineCommand implements Callable<Integer> {
    private static final long MIB = 1 << 20;
    private static final long SEED = 20261120;

    /** On two cores the compiler rests after 1 s where the engine is no Java, 2.5 for MVStore, 4 for Tidemark, 7 for JE. */
    private static final Duration PROCESS_WARM_UP = Duration.ofSeconds(4);

    private static final Duration FILL_LIMIT = Duration.ofMillis(2500);

    /** Relations between data and memory. */
    enum Size {
        MEMORY("in memory", new Memory(128 * MIB), 32 * MIB, 8 * MIB),
        TEN("10 x memory", new Memory(8 * MIB), 80 * MIB, 80 * MIB);

        private final String label;
        private final Memory memory;
        private final long dataBytes;
        private final long quickBytes;

        Size(String label, Memory memory, long dataBytes, long quickBytes) {
            this.label = label;
            this.memory = memory;
            this.dataBytes = dataBytes;
            this.quickBytes = quickBytes;
        }

        Scenario scenario(int valueBytes, boolean quick) {
            return new Scenario(label, memory, quick ? quickBytes : dataBytes, valueBytes);
        }
    }

    @Option(names = "--quick", description = "One short round on less data: about 3 minutes in place of 20.")
    private boolean quick;

    @Option(
            names = "--engines",
            split = ",",
            description =
                    "Of ${COMPLETION-CANDIDATES}, in any case. Default: all. Without Tidemark it is a contest of others.")
    private List<Peer> engines = List.of(Peer.values());

    @Option(names = "--rows", split = ",", description = "Of ${COMPLETION-CANDIDATES}. Default: all.")
    private List<Row> rows = List.of(Row.values());

    @Option(names = "--values", split = ",", description = "Bytes of a value, 16 or more. Default: 100,1024.")
    private List<Integer> values = List.of(100, 1024);

    @Option(names = "--sizes", split = ",", description = "Of ${COMPLETION-CANDIDATES}. Default: both.")
    private List<Size> sizes = List.of(Size.values());

    @Option(names = "--rounds", description = "Turns of each engine. Default: 5, with --quick 1.")
    private Integer rounds;

    @Option(names = "--window", description = "Milliseconds of a row that is no fill. Default: ${DEFAULT-VALUE}.")
    private int windowMillis = 150;

    @Option(
            names = "--limit",
            description = "Seconds after which no further turn begins; what is left out is said. Default: 1140.")
    private int limitSeconds = 1140;

    @Option(names = "--seed", description = "Of the order of keys and of the values. Default: ${DEFAULT-VALUE}.")
    private long seed = SEED;

    @Option(names = "--dir", description = "Where the engines keep their files. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    private ContestPlan plan() {
        List<Scenario> scenarios = new ArrayList<>();
        for (Size size : sizes) {
            for (int value : values) {
                scenarios.add(size.scenario(value, quick));
            }
        }
        return new ContestPlan(
                engines,
                EnumSet.copyOf(rows),
                scenarios,
                rounds == null ? (quick ? 1 : 5) : rounds,
                Duration.ofMillis(windowMillis),
                Duration.ofMillis(windowMillis / 3),
                PROCESS_WARM_UP,
                FILL_LIMIT,
                Duration.ofSeconds(limitSeconds),
                seed);
    }

    @Override
    public Integer call() throws Exception {
        ContestPlan plan = plan();
        Machine machine = Machine.here();
        try (ScratchDirectory scratch = ScratchDirectory.under(directory)) {
            Outcome outcome =
                    new Contest(plan, scratch.path(), Main.class, System::nanoTime, System.err::println).run();
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            String page = new EngineReport(plan, outcome, machine, today).markdown();
            out.write(today, "engine", page);
        }
        return 0;
    }
}
