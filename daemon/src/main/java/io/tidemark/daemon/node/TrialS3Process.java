package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.process.OwnProcess;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded S3 endpoint as a process, with its bucket. */
public final class TrialS3Process {
    private static final Logger LOG = LoggerFactory.getLogger(TrialS3Process.class);

    private final ClusterDirectory directory;
    private final S3Location location;

    public TrialS3Process(ClusterDirectory directory, S3Location location) {
        this.directory = directory;
        this.location = location;
    }

    /** Serves until the process is told to end. */
    public void run() throws InterruptedException {
        Logging.configure();
        makeBucket();
        TrialS3Endpoint endpoint =
                new TrialS3Endpoint(URI.create(location.endpoint()).getPort(), directory.s3Data());
        endpoint.start();
        OwnProcess.record(
                directory, ClusterDirectory.S3, ProcessHandle.current().pid());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info("stopping");
                            endpoint.stop();
                            OwnProcess.forget(directory, ClusterDirectory.S3);
                            ended.countDown();
                        },
                        "stop"));
        LOG.info("serving bucket {} at {} from {}", location.bucket(), location.endpoint(), directory.s3Data());
        ended.await();
    }

    /** A bucket of the endpoint is a folder. */
    private void makeBucket() {
        try {
            Files.createDirectories(directory.s3Data().resolve(location.bucket()));
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot make " + directory.s3Data() + ": " + e.getMessage(), e);
        }
    }
}
