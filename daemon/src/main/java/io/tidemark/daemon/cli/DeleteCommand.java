package io.tidemark.daemon.cli;

import io.tidemark.client.DeleteResult;
import io.tidemark.client.TidemarkClient;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidemark delete KEY}. */
@Command(
        name = "delete",
        description = "Removes a key. It is no failure when the key does not exist; the answer says so.")
final class DeleteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private KeyOption key;

    @Mixin
    private ConditionOption condition;

    @Mixin
    private TransactionOption transaction;

    @Mixin
    private AckOption ack;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        transaction.refuse(ack, spec);
        byte[] keyBytes = key.bytes();
        try (TidemarkClient client = target.connect()) {
            DeleteResult result = TidemarkClient.await(
                    transaction.given()
                            ? transaction.of(client).delete(target.keyspace(), keyBytes, condition.condition())
                            : client.delete(target.keyspace(), keyBytes, condition.condition(), ack.ack()));
            json.print(
                    spec.commandLine().getOut(),
                    result.existed() ? "deleted, LSN " + result.version().lsn() : "there was nothing to delete",
                    out -> out.put("existed", result.existed())
                            .put("lsn", result.version().lsn()));
        }
        return CommandLine.ExitCode.OK;
    }
}
