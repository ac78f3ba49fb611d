package io.tidemark.daemon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --nodes}: of how many a new cluster is made. */
final class NodesOption {
    private static final int STANDARD = 3;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "nodes of a new cluster: 1, 3 or 5 (default: 3). One alone has no second copy but S3: see"
                    + " the setting default-ack")
    private Integer nodes;

    /** The number, if one was given; {@code otherwise} if not. */
    int or(int otherwise) {
        if (nodes != null && nodes != 1 && nodes != 3 && nodes != 5) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--nodes is 1, 3 or 5, not " + nodes);
        }
        return nodes == null ? otherwise : nodes;
    }

    int count() {
        return or(STANDARD);
    }
}
