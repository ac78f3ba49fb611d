package io.tidemark.daemon.cli;

import io.tidemark.daemon.remote.Pins;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark unpin NAME}. */
@Command(name = "unpin", description = "Lets a pin go: the floor may rise above it.")
final class UnpinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Parameters(paramLabel = "NAME", description = "as 'tidemark status' lists it")
    private String name;

    @Override
    public Integer call() {
        new Pins(target.cluster()).unpin(name);
        spec.commandLine().getOut().println(name + " is no longer kept");
        return CommandLine.ExitCode.OK;
    }
}
