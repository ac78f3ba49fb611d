package io.tidemark.bench;

import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.report.RestartReport;
import io.tidemark.bench.restart.RestartCase;
import io.tidemark.bench.restart.Restarts;
import io.tidemark.bench.restart.Restarts.Restart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description =
                "Seconds that Tidemark's engine takes to come back after kill -9, and where they go: once with a long"
                        + " WAL since the last checkpoint, once with much data.")
final class RestartCommand implements Callable<Integer> {
    private static final int VALUE_BYTES = 1024;

    /** Data under the long WAL: all of it fits into the pool, so that no page is written and all is redone. */
    private static final long WAL_CASE_DATA = 64L << 20;

    @Option(names = "--wal", description = "MiB of WAL since the last checkpoint. Default: ${DEFAULT-VALUE}.")
    private long walMebibytes = 256;

    @Option(names = "--data", description = "MiB of data. Default: ${DEFAULT-VALUE}.")
    private long dataMebibytes = 1024;

    @Option(names = "--memory", description = "MiB of the buffer pool. Default: ${DEFAULT-VALUE}.")
    private long memoryMebibytes = 256;

    @Option(names = "--limit", description = "Seconds that each process may take. Default: ${DEFAULT-VALUE}.")
    private int limitSeconds = 900;

    @Option(names = "--dir", description = "Where the stores are. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    @Override
    public Integer call() throws Exception {
        Machine machine = Machine.here();
        Memory memory = new Memory(memoryMebibytes << 20);
        Restarts restarts = new Restarts(Main.class, Duration.ofSeconds(limitSeconds));
        List<Restart> found = new ArrayList<>();
        found.addAll(run(restarts, WAL_CASE_DATA, walMebibytes << 20, memory));
        found.addAll(run(restarts, dataMebibytes << 20, 0, memory));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new RestartReport(found, machine, today).markdown();
        out.write(today, "restart", page);
        return 0;
    }

    /** Each case in a directory of its own, gone when it is done; what it found is said at once. */
    private List<Restart> run(Restarts restarts, long dataBytes, long walBytes, Memory memory) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.under(directory)) {
            RestartCase restart = new RestartCase(scratch.path(), dataBytes, VALUE_BYTES, walBytes, memory);
            return restarts.run(restart, found -> System.err.println(found));
        }
    }
}
