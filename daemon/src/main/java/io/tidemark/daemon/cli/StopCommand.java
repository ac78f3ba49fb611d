package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.JavaCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark stop NODE}. */
@Command(name = "stop", description = "Stops one node; the others go on.")
final class StopCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private PatienceOption patience;

    @Parameters(paramLabel = "NODE", description = "n1, n2, n3; or s3 for the embedded S3 endpoint")
    private String name;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        StartCommand.requireProcess(cluster, name);
        ClusterProcesses processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
        spec.commandLine().getOut().println(DownCommand.sentence(name, processes.stop(name, patience.time())));
        return CommandLine.ExitCode.OK;
    }
}
