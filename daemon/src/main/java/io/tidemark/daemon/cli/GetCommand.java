package io.tidemark.daemon.cli;

import io.tidemark.client.GetResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.files.KeyDisplay;
import io.tidemark.daemon.files.NdjsonRecord;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark get KEY}. */
@Command(
        name = "get",
        description =
                "Writes a key's value, byte for byte, to standard output or a file. Exit code 1 if it does not exist.")
final class GetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private KeyOption key;

    @Mixin
    private ConsistencyOption consistency;

    @Mixin
    private TransactionOption transaction;

    @Mixin
    private JsonOption json;

    @Option(names = "--out", paramLabel = "FILE", description = "write the value to this file")
    private Path out;

    @Override
    public Integer call() throws IOException {
        byte[] keyBytes = key.bytes();
        GetResult found;
        try (TidemarkClient client = target.connect()) {
            found = TidemarkClient.await(
                    transaction.given()
                            ? transaction.of(client).get(target.keyspace(), keyBytes)
                            : client.get(target.keyspace(), keyBytes, consistency.consistency()));
        }
        if (!found.found()) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    "key '" + KeyDisplay.show(keyBytes) + "' does not exist in keyspace '" + target.keyspace()
                            + "' at LSN " + found.lsn());
        }
        if (out != null) {
            write(found.value());
        }
        if (json.wanted()) {
            json.print(spec.commandLine().getOut(), "", object -> {
                if (out == null) {
                    object.setAll(NdjsonRecord.toJson(keyBytes, found.value()));
                }
                object.put("version", found.version().toString()).put("lsn", found.lsn());
            });
        } else if (out == null) {
            System.out.write(found.value());
            System.out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private void write(byte[] value) {
        try {
            Files.write(out, value);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "cannot write " + out + ": " + e.getMessage(), e);
        }
    }
}
