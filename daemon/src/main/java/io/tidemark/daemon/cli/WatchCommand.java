package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.client.HttpAnswer;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.files.KeyDisplay;
import io.tidemark.daemon.files.NdjsonRecord;
import io.tidemark.daemon.http.LogPiece;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.ScratchEngine;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.engine.Change;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.recovery.ChangeFeed;
import io.tidemark.recovery.OtherHistoryException;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.store.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark watch}. */
@Command(
        name = "watch",
        description = {
            "Prints every change from an LSN on, once, in order, without a gap, one JSON object per line: what is old"
                    + " from S3, what is new from the nodes, until Ctrl-C.",
            "What an entry changed depends on all before it, so a state is brought back here first, into a scratch"
                    + " store, from the newest checkpoint before; the nodes only hand out their log."
        })
final class WatchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private SettingsOption settingsOption;

    @Option(
            names = "--from-lsn",
            paramLabel = "LSN",
            defaultValue = "0",
            description = "changes of this entry and later ones; 0, the default, for the first that is kept")
    private long from;

    @Option(names = "--until-lsn", paramLabel = "LSN", description = "end when this entry has been told")
    private Long until;

    @Option(names = "--keyspace", paramLabel = "NAME", description = "only of this keyspace (default: all)")
    private String keyspace;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "only keys that begin with it, and ranges")
    private String prefix;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "replay below this directory; as large as a node's (default: the system's directory for"
                    + " temporary files)")
    private Path scratch;

    private int node;

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        Settings settings = settingsOption.over(Settings.effective(directory.properties()));
        List<String> nodes = cluster.nodes().stream().map(NodeAddress::http).toList();
        Path files = scratch == null
                ? Files.createTempDirectory("tidemark-watch")
                : Files.createTempDirectory(Files.createDirectories(scratch), "tidemark-watch");
        Thread remove = new Thread(() -> DirectoryTree.remove(files), "ctrl-c");
        Runtime.getRuntime().addShutdownHook(remove);
        try (ObjectStore store = ObjectStores.open(cluster.s3(), settings, new MetricRegistry());
                TidemarkClient client = TidemarkClient.connect(nodes);
                ChangeFeed feed = new ChangeFeed(
                        new HistoryReader(store),
                        cluster.history(),
                        new StoreDirectory(files, path -> ScratchEngine.open(path, settings)),
                        from,
                        this::print)) {
            follow(feed, client, nodes);
        }
        return CommandLine.ExitCode.OK;
    }

    private void follow(ChangeFeed feed, TidemarkClient client, List<String> nodes) {
        PrintWriter out = spec.commandLine().getOut();
        if (from == 0 && feed.position() >= 0) {
            spec.commandLine()
                    .getErr()
                    .println("changes up to LSN " + feed.position() + " were given up; those after it are told");
        }
        Progress progress = new Progress(spec.commandLine().getErr(), "replaying");
        feed.replay(p -> progress.say("LSN " + p.lsn() + " of " + p.target()));
        while (until == null || feed.position() < until) {
            boolean more = feed.step(
                    lsn -> entries(client, nodes, "/v1/log?history=" + feed.history() + "&from=" + lsn),
                    p -> progress.say("LSN " + p.lsn() + " of " + p.target()));
            out.flush();
            if (out.checkError()) {
                return; // nobody reads any more
            }
            if (!more) {
                progress.done();
                Poll.pause(PAUSE);
            }
        }
    }

    /** From any node that answers; the same one as long as it does. */
    private List<LogEntry> entries(TidemarkClient client, List<String> nodes, String path) {
        for (int tries = 0; tries < nodes.size(); tries++) {
            try {
                HttpAnswer answer = TidemarkClient.await(client.raw(nodes.get(node), "GET", path, null));
                if (answer.status() == 200) {
                    return LogPiece.decode(answer.body());
                } else if (answer.status() == 404) {
                    throw new TidemarkException(ErrorKind.NOT_FOUND, answer.text());
                } else if (answer.status() == 409) {
                    throw new OtherHistoryException(answer.header("Tidemark-History"));
                }
            } catch (TidemarkClientException e) {
                // the next node may answer; if none does, there is nothing new until one comes back
            }
            node = (node + 1) % nodes.size();
        }
        return List.of();
    }

    private void print(Change change) {
        byte[] wanted = prefix == null ? null : prefix.getBytes(StandardCharsets.UTF_8);
        boolean range = change.kind() == Change.Kind.DELETE_RANGE;
        if (until != null && change.at().lsn() > until
                || keyspace != null && !keyspace.equals(change.keyspace())
                || wanted != null && !range && !startsWith(change.key(), wanted)) {
            return;
        }
        ObjectNode line = JSON.createObjectNode();
        line.put("lsn", change.at().lsn()).put("index", change.at().index());
        line.put("change", change.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        line.put("keyspace", change.keyspace());
        switch (change.kind()) {
            case PUT -> {
                line.setAll(NdjsonRecord.toJson(change.key(), change.value()));
                line.put("version", change.version().toString());
            }
            case DELETE -> {
                ObjectNode named = NdjsonRecord.toJson(change.key(), new byte[0]);
                named.remove("value");
                line.setAll(named);
            }
            case DELETE_RANGE ->
                line.put("from", change.key() == null ? null : KeyDisplay.show(change.key()))
                        .put("to", change.to() == null ? null : KeyDisplay.show(change.to()));
        }
        spec.commandLine().getOut().println(line);
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
