package io.tidemark.bench;

import io.tidemark.bench.micro.EngineBenchmark;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        description = "Parts of the engine alone, by JMH: apply, get, scan.")
final class MicroCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            defaultValue = "EngineBenchmark",
            paramLabel = "PATTERN",
            description = "Benchmarks whose name matches. Default: all.")
    private String pattern;

    @Option(names = "--quick", description = "One short iteration of each; about 20 s in all.")
    private boolean quick;

    @Override
    public Integer call() throws Exception {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(EngineBenchmark.class.getPackageName() + ".*" + pattern)
                .shouldFailOnError(true);
        if (quick) {
            options.warmupIterations(1)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.seconds(1));
        }
        return new Runner(options.build()).run().isEmpty() ? 1 : 0;
    }
}
