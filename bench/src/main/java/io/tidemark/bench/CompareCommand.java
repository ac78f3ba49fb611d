package io.tidemark.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Bare Ratis and Tidemark on the same machine in the same run, in turns.")
final class CompareCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions options;

    @Override
    public Integer call() throws Exception {
        ClusterRun run = new ClusterRun(options);
        return run.measure(List.of(run::bareRatis, ClusterRun::tidemark));
    }
}
