package io.tidemark.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "A Tidemark cluster alone: three daemons and the embedded S3 endpoint.")
final class ClusterCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions options;

    @Override
    public Integer call() throws Exception {
        ClusterRun run = new ClusterRun(options);
        return run.measure(List.of(ClusterRun::tidemark));
    }
}
