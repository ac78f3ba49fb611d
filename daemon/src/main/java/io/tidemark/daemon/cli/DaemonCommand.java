package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.node.NodeProcess;
import io.tidemark.daemon.node.Setting;
import io.tidemark.daemon.node.Settings;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark daemon}: one node in the foreground. */
@Command(
        name = "daemon",
        hidden = true,
        description = {
            "Runs one node of the cluster in a directory until it is told to end (SIGTERM).",
            "A node whose directory has no identity.json forms nothing: it asks the others to take it in.",
            "",
            "Settings, by --set or as lines of tidemark.properties in the cluster's directory:"
        })
final class DaemonCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption;

    @Option(names = "--node", paramLabel = "NODE", required = true, description = "name of the node in cluster.json")
    private String node;

    @Mixin
    private SettingsOption settings;

    @Override
    public Integer call() throws InterruptedException {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        Settings effective = settings.over(Settings.read(directory.properties()));
        new NodeProcess(directory, cluster, node, effective).run();
        return CommandLine.ExitCode.OK;
    }

    /** Adds the table of settings to the help of this command. */
    static void describeSettings(CommandLine root) {
        CommandLine daemon = root.getSubcommands().get("daemon");
        String[] table = List.of(Setting.values()).stream()
                .map(s -> String.format(Locale.ROOT, "  %-20s %-8s %s", s.key(), s.show(s.standard()), s.meaning()))
                .toArray(String[]::new);
        daemon.getCommandSpec().usageMessage().footer(table);
    }
}
