package io.tidemark.daemon.cli;

import io.tidemark.client.Ack;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.Transaction;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --tx}. */
final class TransactionOption {
    @Option(
            names = "--tx",
            paramLabel = "ID",
            description = "as part of this open transaction, as 'tidemark tx begin' answered it")
    private Long id;

    boolean given() {
        return id != null;
    }

    /** What an open transaction has written is nobody's yet: it is its commit that may wait for S3. */
    void refuse(AckOption ack, CommandSpec spec) {
        if (given() && ack.ack() == Ack.S3) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--ack s3 does not go with --tx: say it at 'tidemark tx commit'");
        }
    }

    Transaction of(TidemarkClient client) {
        return client.transaction(id);
    }
}
