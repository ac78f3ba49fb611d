package io.tidemark.daemon.cli;

import io.tidemark.client.ClientOptions;
import io.tidemark.client.TidemarkClient;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command about keys and values has in common. */
final class ClientTarget {
    @Mixin
    private TargetOption target;

    @Option(
            names = "--keyspace",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "the keyspace (default: ${DEFAULT-VALUE})")
    private String keyspace;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "give up a request that is not answered by then (default: 30; 300 for load and export)")
    private Integer timeoutSeconds;

    String keyspace() {
        return keyspace;
    }

    /** A client of the cluster; the caller closes it. */
    TidemarkClient connect(Duration patience) {
        Duration time = timeoutSeconds == null ? patience : Duration.ofSeconds(Math.max(1, timeoutSeconds));
        return TidemarkClient.connect(
                ClientOptions.of(target.cluster().endpoints()).withRequestTimeout(time));
    }

    TidemarkClient connect() {
        return connect(Duration.ofSeconds(30));
    }
}
