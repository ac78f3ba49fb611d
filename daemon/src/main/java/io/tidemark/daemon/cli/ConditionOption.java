package io.tidemark.daemon.cli;

import io.tidemark.client.Precondition;
import io.tidemark.client.Version;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --if-version}. */
final class ConditionOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--if-version",
            paramLabel = "LSN.INDEX",
            description = "only if the key was last set at this version, as get --json shows it")
    private String version;

    boolean given() {
        return version != null;
    }

    Precondition condition() {
        if (version == null) {
            return Precondition.none();
        }
        try {
            io.tidemark.engine.log.Version parsed = io.tidemark.engine.log.Version.parse(version);
            return Precondition.versionIs(new Version(parsed.lsn(), parsed.index()));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--if-version: " + e.getMessage(), e);
        }
    }
}
