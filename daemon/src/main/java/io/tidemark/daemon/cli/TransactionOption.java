package io.tidemark.daemon.cli;

import io.tidemark.client.TidemarkClient;
import io.tidemark.client.Transaction;
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

    Transaction of(TidemarkClient client) {
        return client.transaction(id);
    }
}
