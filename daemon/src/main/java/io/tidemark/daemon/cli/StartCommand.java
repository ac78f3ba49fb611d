package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.JavaCommand;
import io.tidemark.daemon.process.Startup;
import io.tidemark.daemon.remote.NodeApi;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark start NODE}. */
@Command(
        name = "start",
        description = {
            "Starts one node that is down and waits until it serves.",
            "A node whose directory is gone joins again as a new incarnation; that needs the others."
        })
final class StartCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "give up when not ready by then (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Option(names = "--no-wait", description = "return as soon as the process is started")
    private boolean noWait;

    @Parameters(paramLabel = "NODE", description = "n1, n2, n3; or s3 for the embedded S3 endpoint")
    private String name;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        requireProcess(cluster, name);
        ClusterProcesses processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
        PrintWriter out = spec.commandLine().getOut();
        if (processes.running(name).isPresent()) {
            out.println(name + " runs already (pid "
                    + processes.running(name).orElseThrow().pid() + ")");
            return CommandLine.ExitCode.OK;
        }
        start(directory, cluster, processes);
        out.println(name + (noWait ? " is starting" : " is ready") + " (pid "
                + processes.running(name).map(ProcessHandle::pid).orElse(-1L) + ")");
        return CommandLine.ExitCode.OK;
    }

    private void start(ClusterDirectory directory, ClusterFile cluster, ClusterProcesses processes) {
        Duration limit = Duration.ofSeconds(timeoutSeconds);
        Progress progress = new Progress(spec.commandLine().getErr(), "starting");
        Startup startup = new Startup(directory, cluster, processes, new NodeApi(), progress::say);
        if (name.equals(ClusterDirectory.S3)) {
            startup.startS3Only(limit);
        } else if (noWait) {
            processes.startNode(name);
        } else {
            startup.startNode(name, limit);
        }
        progress.done();
    }

    static void requireProcess(ClusterFile cluster, String name) {
        boolean s3 = name.equals(ClusterDirectory.S3) && cluster.s3().embedded();
        if (!s3) {
            cluster.node(name);
        }
    }
}
