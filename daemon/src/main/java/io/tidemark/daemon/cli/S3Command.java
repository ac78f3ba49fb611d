package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.node.TrialS3Process;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DirectoryLock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark s3}: the embedded S3 endpoint in the foreground. */
@Command(
        name = "s3",
        hidden = true,
        description = {
            "Runs the S3 endpoint of the cluster in a directory until it is told to end (SIGTERM).",
            "For trial only: it never syncs, so a power cut may take what it has acknowledged."
        })
final class S3Command implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption;

    @Override
    public Integer call() throws InterruptedException {
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile cluster = directory.cluster();
        if (!cluster.s3().embedded()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the cluster in " + directory.root() + " uses " + cluster.s3() + ", not its own");
        }
        try (DirectoryLock lock = DirectoryLock.take(directory.lock(ClusterDirectory.S3), directory.s3Data())) {
            new TrialS3Process(directory, cluster.s3()).run();
        }
        return CommandLine.ExitCode.OK;
    }
}
