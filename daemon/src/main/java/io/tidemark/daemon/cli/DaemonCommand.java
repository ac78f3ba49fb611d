package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.node.NodeProcess;
import io.tidemark.daemon.node.Setting;
import io.tidemark.daemon.node.Settings;
import java.util.ArrayList;
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
            "Settings, by --set NAME=VALUE, by the environment (s3-region as TIDEMARK_S3_REGION), or as lines of"
                    + " tidemark.properties in the cluster's directory; the first of these wins:"
        })
final class DaemonCommand implements Callable<Integer> {
    private static final int LINE_CHARS = 99;

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
        Settings effective = settings.over(Settings.effective(directory.properties()));
        new NodeProcess(directory, cluster, node, effective).run();
        return CommandLine.ExitCode.OK;
    }

    /** Adds the table of settings to the help of this command. */
    static void describeSettings(CommandLine root) {
        CommandLine daemon = root.getSubcommands().get("daemon");
        if (daemon == null) {
            return;
        }
        String[] table = List.of(Setting.values()).stream()
                .flatMap(s -> lines(s).stream())
                .toArray(String[]::new);
        daemon.getCommandSpec().usageMessage().footer(table);
    }

    /** Name, standard and meaning, on as many lines as that takes. */
    private static List<String> lines(Setting setting) {
        List<String> lines = new ArrayList<>();
        String begin = String.format(Locale.ROOT, "  %-28s %-7s ", setting.key(), setting.show(setting.standard()));
        String indent = " ".repeat(begin.length());
        StringBuilder line = new StringBuilder(begin);
        for (String word : setting.meaning().split(" ")) {
            if (line.length() + word.length() > LINE_CHARS) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
