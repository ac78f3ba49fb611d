package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.Setting;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.Pins;
import io.tidemark.engine.Retention;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.retention.Garbage;
import io.tidemark.shipper.store.ObjectStore;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark gc --dry-run}. */
@Command(
        name = "gc",
        description = {
            "Shows which objects of the history in S3 nobody needs any more, and why. Removes nothing.",
            "The leader removes them by itself, gc-grace-millis after the floor stands in a manifest: states below it"
                    + " were given up then, by retention-millis or retention-checkpoints."
        })
final class GcCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private SettingsOption settingsOption;

    @Mixin
    private JsonOption json;

    @Option(names = "--dry-run", required = true, description = "show it; there is no other way to run this")
    private boolean dryRun;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        Settings settings = settingsOption.over(Settings.effective(directory.properties()));
        Retention kept = new Pins(Cluster.of(directory)).retention();
        try (ObjectStore store = ObjectStores.open(cluster.s3(), settings, new MetricRegistry())) {
            long newest = kept.checkpoints().stream()
                    .mapToLong(Retention.Kept::lsn)
                    .max()
                    .orElse(-1);
            Garbage.Found found = Garbage.find(
                    new HistoryReader(store),
                    cluster.history(),
                    kept,
                    kept.floor(),
                    newest,
                    settings.getInt(Setting.PACK_LIVE_MIN_PERCENT));
            print(kept, found);
        }
        return CommandLine.ExitCode.OK;
    }

    private void print(Retention kept, Garbage.Found found) {
        PrintWriter out = spec.commandLine().getOut();
        long bytes = found.items().stream()
                .mapToLong(item -> Math.max(0, item.bytes()))
                .sum();
        if (!json.wanted()) {
            found.items()
                    .forEach(item -> out.printf(
                            Locale.ROOT, "%-12s %,12d  %s%n", word(item.reason()), item.bytes(), item.key()));
        }
        json.print(
                out,
                String.format(
                        Locale.ROOT,
                        "%,d objects, %,d bytes; floor %d%s; kept for %s; %,d packs to be carried over",
                        found.items().size(),
                        bytes,
                        kept.floor(),
                        kept.floor() > kept.collected() ? ", in its grace period" : "",
                        found.holders().isEmpty() ? "no other history" : String.join(", ", found.holders()),
                        found.sparse().size()),
                object -> {
                    object.put("objects", found.items().size()).put("bytes", bytes);
                    object.put("floor", kept.floor()).put("collected", kept.collected());
                    ArrayNode items = object.putArray("items");
                    found.items()
                            .forEach(item -> items.addObject()
                                    .put("key", item.key())
                                    .put("bytes", item.bytes())
                                    .put("reason", word(item.reason())));
                    ArrayNode holders = object.putArray("holders");
                    found.holders().forEach(holders::add);
                    ArrayNode sparse = object.putArray("sparse");
                    found.sparse().forEach(sparse::add);
                });
    }

    private static String word(Garbage.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
