package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.engine.error.TidemarkException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where history is kept, when it is not the cluster's own trial endpoint. */
final class S3Option {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--s3",
            paramLabel = "s3://BUCKET/PREFIX",
            description = "keep history there; the bucket exists already, credentials come from the environment")
    private String url;

    @Option(names = "--s3-endpoint", paramLabel = "URL", description = "the S3 service, when it is not that of AWS")
    private String endpoint;

    /** The location given; empty when none was. */
    Optional<S3Location> given() {
        if (url == null && endpoint == null) {
            return Optional.empty();
        }
        if (url == null) {
            throw wrong("--s3-endpoint goes with --s3 s3://BUCKET/PREFIX");
        }
        try {
            return Optional.of(S3Location.parse(url, endpoint));
        } catch (TidemarkException e) {
            throw wrong(e.getMessage());
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
