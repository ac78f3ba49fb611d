package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.JavaCommand;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark move NODE}. */
@Command(
        name = "move",
        description = {
            "Says in cluster.json that a node, stopped, will listen elsewhere from now on. Its directory, taken there,"
                    + " is the same node with the same vote; nothing is copied from the others.",
            "1. Stop the node, or make sure that its machine is dead. 2. Take its directory (or its volume) to the"
                    + " other machine. 3. 'tidemark move' here, and put the new cluster.json on every machine; nodes that"
                    + " run read it by themselves. 4. 'tidemark start NODE' there."
        })
final class MoveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Parameters(paramLabel = "NODE", description = "its name")
    private String name;

    @Option(names = "--http", paramLabel = "HOST:PORT", required = true, description = "where its HTTP port will be")
    private String http;

    @Option(names = "--raft", paramLabel = "HOST:PORT", required = true, description = "where the others will reach it")
    private String raft;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        NodeAddress moved = new NodeAddress(cluster.node(name).name(), http, raft);
        ClusterProcesses processes = new ClusterProcesses(directory, cluster, JavaCommand.ofThisProcess());
        processes.running(name).ifPresent(process -> {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    name + " runs here (pid " + process.pid() + "); stop it first: tidemark stop " + name + " --dir "
                            + directory.root());
        });
        cluster.moved(moved).write(directory.clusterFile());
        spec.commandLine()
                .getOut()
                .println(name + " will listen at " + http + ", and at " + raft
                        + " for the others, once it is started there");
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
