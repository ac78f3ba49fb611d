package io.tidemark.daemon.cli;

import io.tidemark.client.Ack;
import picocli.CommandLine.Option;

/** {@code --ack}. */
final class AckOption {
    @Option(
            names = "--ack",
            paramLabel = "quorum|s3",
            defaultValue = "quorum",
            description = "return when a majority of nodes has it (quorum, the default), or when S3 has it too (s3)")
    private Ack ack;

    Ack ack() {
        return ack;
    }
}
