package io.tidemark.shipper.trial;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.S3Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * A real S3 server over a directory, on the loopback interface. <b>For trial only: it never syncs</b> (rule X4), so a
 * power cut may take objects that it has acknowledged. Needs {@code org.gaul:s3proxy} on the class path.
 *
 * <p>It checks signatures; objects survive a restart; create-if-absent is atomic. Start and stop from one thread.
 */
public final class TrialS3Endpoint implements AutoCloseable {
    /** The only credentials that it knows. */
    public static final S3Options.Credentials CREDENTIALS = new S3Options.Credentials("tidemark", "tidemark-trial");

    /** The key and a UUID: the server's name for what has not become an object yet. */
    private static final Pattern UNFINISHED =
            Pattern.compile(".+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final int wantedPort;
    private final Path directory;
    private S3Proxy server;

    /**
     * @param port 0 for any free one; the same again after a restart of this object
     * @param directory made if absent; holds one folder per bucket
     */
    public TrialS3Endpoint(int port, Path directory) {
        this.wantedPort = port;
        this.directory = directory;
    }

    /** {@code UNAVAILABLE} when the port is taken. */
    public TrialS3Endpoint start() {
        try {
            Files.createDirectories(directory);
            removeUnfinished();
        } catch (IOException e) {
            throw new UncheckedIOException("trial S3 directory " + directory + " cannot be made ready", e);
        }
        S3Proxy starting = S3Proxy.builder()
                .blobStore(
                        new FilesystemNio2BlobStore(directory.toAbsolutePath().toString()))
                .endpoint(URI.create("http://127.0.0.1:" + wantedPort))
                .awsAuthentication(
                        AuthenticationType.AWS_V2_OR_V4, CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey())
                .build();
        try {
            starting.start();
        } catch (Exception e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "the trial S3 endpoint cannot listen on 127.0.0.1:" + wantedPort + " (" + e.getMessage()
                            + "); give it another port",
                    e);
        }
        server = starting;
        return this;
    }

    /** A process that is killed within a PUT leaves the file that it wrote to, under a name that reads as a key. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** No error when it is not running. */
    public void stop() {
        if (server == null) {
            return;
        }
        S3Proxy stopping = server;
        server = null;
        try {
            stopping.stop();
        } catch (Exception e) {
            throw new TidemarkException(ErrorKind.FATAL, "the trial S3 endpoint does not stop", e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
