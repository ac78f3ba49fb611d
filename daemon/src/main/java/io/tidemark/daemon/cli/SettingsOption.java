package io.tidemark.daemon.cli;

import io.tidemark.daemon.node.Settings;
import io.tidemark.engine.error.TidemarkException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --set}. */
final class SettingsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "a setting of the daemons; 'tidemark daemon --help' lists them")
    private List<String> pairs = List.of();

    boolean given() {
        return !pairs.isEmpty();
    }

    Settings over(Settings below) {
        try {
            return below.with(pairs);
        } catch (TidemarkException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--set: " + e.getMessage(), e);
        }
    }
}
