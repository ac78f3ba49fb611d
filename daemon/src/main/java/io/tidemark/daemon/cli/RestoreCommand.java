package io.tidemark.daemon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark restore}. */
@Command(
        name = "restore",
        description = {
            "Brings a whole cluster back from S3 alone, into a new history.",
            "In a cluster's directory whose nodes have all lost theirs, S3 and addresses come from its cluster.json,"
                    + " which is kept as cluster.json.OLD-HISTORY; in a directory that is missing or empty, --s3 says"
                    + " where the history is.",
            "The state is that of the newest manifest in S3, or of --at-lsn. Start it then with 'tidemark up'."
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private S3Option s3Option;

    @Mixin
    private PortsOption ports;

    @Option(names = "--at-lsn", paramLabel = "LSN", description = "the state after this entry (default: the newest)")
    private Long atLsn;

    @Option(
            names = "--history",
            paramLabel = "UUID",
            description =
                    "the history to restore, where S3 has several (default: that of cluster.json, or the only one)")
    private String history;

    @Override
    public Integer call() {
        return 1;
    }
}
