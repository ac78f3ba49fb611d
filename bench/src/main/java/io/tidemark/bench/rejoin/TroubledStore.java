package io.tidemark.bench.rejoin;

import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.StoreFaults;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The S3 endpoint for trial, in this process, behind a proxy that makes it slow or fail from a moment on. */
public final class TroubledStore implements AutoCloseable {
    private static final String BUCKET = "bench";

    /** What is wrong with it. */
    public enum Trouble {
        NONE("none", StoreFaults.NONE),
        SLOW("100 ms more for each request", new StoreFaults(false, false, 0, 0, 0, Duration.ofMillis(100))),
        FAILING("503 for one request in ten", StoreFaults.unavailable(0.1));

        private final String words;
        private final StoreFaults faults;

        Trouble(String words, StoreFaults faults) {
            this.words = words;
            this.faults = faults;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final TrialS3Endpoint endpoint;
    private final ObjectStoreProxy proxy;

    private TroubledStore(TrialS3Endpoint endpoint, ObjectStoreProxy proxy) {
        this.endpoint = endpoint;
        this.proxy = proxy;
    }

    /** @param files where its objects are */
    public static TroubledStore start(Path files) throws IOException {
        Files.createDirectories(files.resolve(BUCKET));
        TrialS3Endpoint endpoint = new TrialS3Endpoint(0, files).start();
        int port = endpoint.endpoint().getPort();
        return new TroubledStore(endpoint, ObjectStoreProxy.before(port, 1));
    }

    /** As {@code tidemark up} wants it. */
    public String[] options() {
        return new String[] {"--s3", "s3://" + BUCKET + "/rejoin", "--s3-endpoint", proxy.endpoint()};
    }

    /** What daemons sign with. */
    public static Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", TrialS3Endpoint.CREDENTIALS.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", TrialS3Endpoint.CREDENTIALS.secretAccessKey());
    }

    public void begin(Trouble trouble) {
        proxy.inject(trouble.faults);
    }

    @Override
    public void close() {
        proxy.close();
        endpoint.close();
    }
}
