package io.tidemark.bench;

import io.tidemark.bench.restart.RestartCase;
import io.tidemark.bench.restart.Restarts;
import io.tidemark.bench.restart.StoreMaker;
import io.tidemark.bench.restart.StoreOpener;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The processes that {@link RestartCommand} kills. */
final class RestartProcessCommands {
    private RestartProcessCommands() {}

    @Command(name = Restarts.MAKE, hidden = true, description = "Makes a store and waits to be killed.")
    static final class Make implements Callable<Integer> {
        @Parameters
        private List<String> arguments;

        @Override
        public Integer call() throws Exception {
            EndOfInput.interrupts(Thread.currentThread());
            new StoreMaker(RestartCase.parse(arguments)).make(EndOfInput::awaitInterrupt);
            return 0;
        }
    }

    @Command(name = Restarts.OPEN, hidden = true, description = "Opens a store and waits to be killed.")
    static final class Open implements Callable<Integer> {
        @Parameters
        private List<String> arguments;

        @Override
        public Integer call() {
            String label = arguments.get(arguments.size() - 1);
            new StoreOpener(RestartCase.parse(arguments), label, System::nanoTime).open(EndOfInput::await);
            return 0;
        }
    }
}
