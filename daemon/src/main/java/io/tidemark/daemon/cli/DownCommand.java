package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.JavaCommand;
import io.tidemark.daemon.process.Shutdown;
import io.tidemark.daemon.process.StopOutcome;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidemark down}: stops every process of the cluster. */
@Command(
        name = "down",
        description = "Stops all nodes of the cluster and its S3 endpoint, if that is its own. Nothing is lost.")
final class DownCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private PatienceOption patience;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        ClusterProcesses processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
        Map<String, StopOutcome> outcomes = new Shutdown(cluster, processes).stopAll(patience.time());
        PrintWriter out = spec.commandLine().getOut();
        outcomes.forEach((name, outcome) -> out.println(sentence(name, outcome)));
        return CommandLine.ExitCode.OK;
    }

    static String sentence(String name, StopOutcome outcome) {
        return switch (outcome) {
            case NOT_RUNNING -> name + " was not running";
            case STOPPED -> name + " stopped";
            case KILLED -> name + " did not stop in time and was killed; it recovers at its next start";
        };
    }
}
