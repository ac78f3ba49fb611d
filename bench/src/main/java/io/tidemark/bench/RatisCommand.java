package io.tidemark.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "ratis",
        mixinStandardHelpOptions = true,
        description = "A bare Ratis cluster alone: empty state machine, one entry per write.")
final class RatisCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions options;

    @Override
    public Integer call() throws Exception {
        ClusterRun run = new ClusterRun(options);
        return run.measure(List.of(run::bareRatis));
    }
}
