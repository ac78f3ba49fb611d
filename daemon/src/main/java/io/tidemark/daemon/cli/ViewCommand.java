package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.HostPort;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.http.HttpOptions;
import io.tidemark.daemon.http.HttpServer;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.ScratchEngine;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.process.FreePorts;
import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.daemon.view.ViewedState;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.Histories;
import io.tidemark.recovery.View;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark view}. */
@Command(
        name = "view",
        description = {
            "Serves the state of a history at one LSN, read only, until Ctrl-C: for get, scan and export with"
                    + " --endpoints, and for the HTTP API. The cluster is not asked and need not be there: the bucket is"
                    + " enough.",
            "In a cluster's directory S3 and history come from its cluster.json; elsewhere --s3 says where they are."
        })
final class ViewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private S3Option s3Option;

    @Mixin
    private SettingsOption settings;

    @Mixin
    private PointInTimeOption when;

    @Option(
            names = "--history",
            paramLabel = "UUID",
            description = "the history to view, where S3 has several (default: that of cluster.json, or the only one)")
    private String history;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "address to serve at (default: a free port of 127.0.0.1)")
    private String http;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "keep pages that were read below this directory; with all of them it is as large as a node's"
                    + " (default: the system's directory for temporary files)")
    private Path scratch;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        Optional<S3Location> given = s3Option.given();
        if (given.isPresent() || !directory.exists()) {
            S3Location s3 = given.orElseThrow(() -> new TidemarkException(
                    ErrorKind.INVALID,
                    directory.root() + " holds no cluster, so say where the history is: --s3 s3://BUCKET/PREFIX,"
                            + " perhaps with --s3-endpoint URL"));
            serve(
                    s3,
                    settings.over(Settings.standard().withEnvironment(System.getenv())),
                    Optional.ofNullable(history));
        } else {
            ClusterFile cluster = directory.cluster();
            String wanted = history == null ? cluster.history() : history;
            EmbeddedS3.during(
                    directory,
                    cluster,
                    () -> serve(
                            cluster.s3(),
                            settings.over(Settings.effective(directory.properties())),
                            Optional.of(wanted)));
        }
        return CommandLine.ExitCode.OK;
    }

    private void serve(S3Location s3, Settings effective, Optional<String> wanted) {
        Path files = temporary();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(asked, ended), "ctrl-c"));
        Progress progress = new Progress(spec.commandLine().getErr(), "viewing");
        try (ObjectStore store = ObjectStores.open(s3, effective, new MetricRegistry())) {
            HistoryReader reader = new HistoryReader(store);
            Histories histories = new Histories(reader);
            String chosen = histories.choose(wanted);
            long lsn = when.lsn(histories, chosen).orElseGet(() -> histories.newest(chosen));
            try (View view = View.open(
                    reader,
                    chosen,
                    lsn,
                    ScratchEngine.over(store, files, effective),
                    p -> progress.say("LSN " + p.lsn() + " of " + p.target()))) {
                progress.done();
                serve(view, s3, asked);
            }
        } finally {
            DirectoryTree.remove(files);
            ended.countDown();
        }
    }

    private void serve(View view, S3Location s3, CountDownLatch asked) {
        HostPort address = http == null
                ? new HostPort(
                        "127.0.0.1", new FreePorts(new SecureRandom()).take(1).get(0))
                : HostPort.parse(http);
        ViewedState state = new ViewedState(view, s3, address.toString(), Clock.systemUTC());
        HttpOptions options = HttpOptions.of(address.host(), address.port());
        try (HttpServer server = HttpServer.start(options, state, new MetricRegistry())) {
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "LSN %d of history %s, read only, at http://%s until Ctrl-C%n"
                                    + "read it: tidemark scan --endpoints %s%n",
                            state.applied(),
                            view.history(),
                            address,
                            address);
            spec.commandLine().getOut().flush();
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process ends when this returns: what was opened is closed before. */
    private static void end(CountDownLatch asked, CountDownLatch ended) {
        asked.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path temporary() {
        try {
            return scratch == null
                    ? Files.createTempDirectory("tidemark-view")
                    : Files.createTempDirectory(Files.createDirectories(scratch), "tidemark-view");
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot make a directory for the view: " + e.getMessage(), e);
        }
    }
}
