package io.tidemark.daemon.cli;

import io.tidemark.client.Precondition;
import io.tidemark.client.PutResult;
import io.tidemark.client.TidemarkClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark put KEY [VALUE]}. */
@Command(
        name = "put",
        description = {
            "Sets a key. The value is the argument, a file, or standard input; up to 16 MiB of any bytes.",
            "Returns when a majority of nodes has it on disk; with --ack s3 when S3 has it as well. If that takes"
                    + " longer than --timeout, the error says that the write is done."
        })
final class PutCommand implements Callable<Integer> {
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

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "text; stands for its UTF-8")
    private String value;

    @Option(names = "--file", paramLabel = "FILE", description = "take the value from this file")
    private Path file;

    @Option(names = "--if-absent", description = "only if the key does not exist")
    private boolean ifAbsent;

    @Override
    public Integer call() {
        if (value != null && file != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "VALUE and --file both give the value: give one of them");
        }
        if (ifAbsent && condition.given()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--if-absent and --if-version cannot both hold: give one of them");
        }
        transaction.refuse(ack, spec);
        byte[] keyBytes = key.bytes();
        Precondition precondition = ifAbsent ? Precondition.absent() : condition.condition();
        byte[] bytes =
                value != null ? ValueSource.of(value) : file != null ? ValueSource.of(file) : ValueSource.of(System.in);
        try (TidemarkClient client = target.connect()) {
            PutResult result = TidemarkClient.await(
                    transaction.given()
                            ? transaction.of(client).put(target.keyspace(), keyBytes, bytes, precondition)
                            : client.put(target.keyspace(), keyBytes, bytes, precondition, ack.ack()));
            json.print(
                    spec.commandLine().getOut(),
                    "stored " + bytes.length + " bytes, version " + result.version(),
                    out -> out.put("version", result.version().toString())
                            .put("lsn", result.version().lsn())
                            .put("bytes", bytes.length));
        }
        return CommandLine.ExitCode.OK;
    }
}
