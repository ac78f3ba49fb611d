package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cost.CostReport;
import io.tidemark.daemon.cost.NodeUsage;
import io.tidemark.daemon.cost.PriceTable;
import io.tidemark.daemon.cost.StoredUsage;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.shipper.store.ObjectStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark cost}. */
@Command(
        name = "cost",
        description = {
            "Says what the cluster costs in dollars per month: bytes on disks and in S3 as they are now, requests as"
                    + " often as since the daemons were started.",
            "Prices are those that AWS lists for us-east-1 unless --prices gives others. In a cluster's directory S3 is"
                    + " listed too; with --endpoints only the nodes are asked."
        })
final class CostCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Mixin
    private SettingsOption settings;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "a table of lines NAME=DOLLARS, as --show-prices prints it")
    private Path prices;

    @Option(names = "--show-prices", description = "print the table of prices that would be used, and nothing else")
    private boolean showPrices;

    @Override
    public Integer call() {
        PriceTable table = prices == null ? PriceTable.standard() : PriceTable.read(prices);
        PrintWriter out = spec.commandLine().getOut();
        if (showPrices) {
            table.lines().forEach(out::println);
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        Cluster cluster = target.cluster();
        List<NodeUsage> nodes = new ArrayList<>();
        for (String endpoint : cluster.endpoints()) {
            Optional<String> metrics = cluster.api().text(endpoint, "/metrics").join();
            metrics.ifPresentOrElse(
                    text -> nodes.add(NodeUsage.parse(endpoint, text)),
                    () -> spec.commandLine().getErr().println(endpoint + " does not answer and is left out"));
        }
        CostReport report = new CostReport(cluster.file().map(this::stored).orElse(null), nodes, table);
        if (json.wanted()) {
            out.println(report.json());
        } else {
            report.text().forEach(out::println);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private StoredUsage stored(ClusterFile file) {
        try (ObjectStore store = ObjectStores.open(file.s3(), settings.over(target.settings()), new MetricRegistry())) {
            return StoredUsage.list(store);
        }
    }
}
