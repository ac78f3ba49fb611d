package io.tidemark.bench;

import io.tidemark.bench.ratis.RatisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ratis-server", hidden = true, description = "One server of the bare cluster; ends with its input.")
final class RatisServerCommand implements Callable<Integer> {
    @Option(names = "--index", required = true)
    private int index;

    @Option(names = "--port", required = true)
    private List<Integer> ports;

    @Option(names = "--dir", required = true)
    private Path directory;

    @Option(names = "--log-metadata")
    private boolean logMetadata;

    @Override
    public Integer call() throws Exception {
        RatisServer.serve(index, ports, directory, logMetadata, System.in);
        return 0;
    }
}
