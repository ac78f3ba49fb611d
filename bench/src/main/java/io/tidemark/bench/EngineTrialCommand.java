package io.tidemark.bench;

import io.tidemark.bench.contest.TrialArguments;
import io.tidemark.bench.trial.TrialRun;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = TrialArguments.COMMAND, hidden = true, description = "One engine's trial; may wait to be killed.")
final class EngineTrialCommand implements Callable<Integer> {
    @Parameters
    private List<String> arguments;

    @Override
    public Integer call() throws Exception {
        new TrialRun(TrialArguments.parse(arguments), System::nanoTime).run(EndOfInput::await);
        return 0;
    }
}
