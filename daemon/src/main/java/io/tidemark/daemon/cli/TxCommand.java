package io.tidemark.daemon.cli;

import io.tidemark.client.TidemarkClient;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark tx VERB}. */
@Command(
        name = "tx",
        description = {
            "Opens a transaction and ends it; in between, put, get and delete take --tx ID.",
            "Its changes are seen by itself only until it is committed. What it has changed is held for it:",
            "others are told of the conflict at once. Left alone for its time-out, it is taken back."
        },
        synopsisSubcommandLabel = "VERB")
final class TxCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: begin, savepoint, rollback-to, commit or rollback");
    }

    @Command(name = "begin", description = "Opens a transaction and writes its id.")
    int begin(
            @Mixin ClientTarget target,
            @Option(
                            names = "--idle",
                            paramLabel = "SECONDS",
                            defaultValue = "60",
                            description =
                                    "taken back when nothing is asked of it for so long (default: ${DEFAULT-VALUE})")
                    int idleSeconds,
            @Mixin JsonOption json) {
        try (TidemarkClient client = target.connect()) {
            long id = TidemarkClient.await(client.begin(Duration.ofSeconds(idleSeconds)))
                    .id();
            json.print(spec.commandLine().getOut(), Long.toString(id), out -> out.put("transaction", id));
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "savepoint", description = "Writes the position of a place to come back to.")
    int savepoint(@Mixin ClientTarget target, @Parameters(paramLabel = "ID") long id, @Mixin JsonOption json) {
        try (TidemarkClient client = target.connect()) {
            long position = TidemarkClient.await(client.transaction(id).savepoint());
            json.print(spec.commandLine().getOut(), Long.toString(position), out -> out.put("savepoint", position));
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "rollback-to", description = "Takes back what was changed after a savepoint, which stays.")
    int rollbackTo(
            @Mixin ClientTarget target,
            @Parameters(paramLabel = "ID") long id,
            @Parameters(paramLabel = "SAVEPOINT") long savepoint,
            @Mixin JsonOption json) {
        return ends(
                target,
                json,
                "rolled back to " + savepoint,
                client -> TidemarkClient.await(client.transaction(id).rollbackTo(savepoint)));
    }

    @Command(name = "commit", description = "Makes its changes everybody's, at once.")
    int commit(
            @Mixin ClientTarget target,
            @Parameters(paramLabel = "ID") long id,
            @Mixin AckOption ack,
            @Mixin JsonOption json) {
        return ends(
                target,
                json,
                "committed",
                client -> TidemarkClient.await(client.transaction(id).commit(ack.ack())));
    }

    @Command(name = "rollback", description = "Takes its changes back.")
    int rollback(@Mixin ClientTarget target, @Parameters(paramLabel = "ID") long id, @Mixin JsonOption json) {
        return ends(
                target,
                json,
                "rolled back",
                client -> TidemarkClient.await(client.transaction(id).rollback()));
    }

    private int ends(ClientTarget target, JsonOption json, String done, Step step) {
        try (TidemarkClient client = target.connect()) {
            step.with(client);
            json.print(spec.commandLine().getOut(), done, out -> out.put("done", done));
        }
        return CommandLine.ExitCode.OK;
    }

    /** What a verb asks of the client. */
    private interface Step {
        void with(TidemarkClient client);
    }
}
