package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An S3 endpoint of a test's own, S3Proxy as a process, that can be stopped and started on the same port and data while
 * clusters that know only its address live on.
 */
public final class TrialStore implements AutoCloseable {

    /** The bucket that it has. */
    public static final String BUCKET = "tidemark";

    /** The key and a UUID. */
    private static final Pattern UNFINISHED =
            Pattern.compile(".+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final CommandLine commands;
    private final Path data;
    private final int port;
    private CommandLine.Running process;

    private TrialStore(CommandLine commands, Path data, int port) {
        this.commands = commands;
        this.data = data;
        this.port = port;
    }

    /** Starts an endpoint on a free loopback port; returns when it answers. */
    public static TrialStore start(CommandLine commands, Path data) {
        TrialStore store = new TrialStore(commands, data, freePort());
        store.start();
        return store;
    }

    /** Starts it again after {@link #stop}. */
    public void start() {
        removeUnfinished();
        process = commands.beginProgram(
                "s3", "org.gaul.s3proxy.Main", "--properties", properties().toString());
        Waiting.until(
                "the S3 endpoint on port " + port, Cluster.PATIENCE, this::answers, yes -> yes || !process.alive());
        if (!process.alive()) {
            process.await(Cluster.PATIENCE).expectDone();
        }
    }

    /** A server that is killed within a PUT leaves the file that it wrote to, under a name that reads as a key. */
    private void removeUnfinished() {
        if (!Files.isDirectory(data)) {
            return;
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bucket is a folder below the data directory. */
    private Path properties() {
        Path file = data.resolveSibling(data.getFileName() + ".properties");
        List<String> lines = List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + credentials().get("AWS_ACCESS_KEY_ID"),
                "s3proxy.credential=" + credentials().get("AWS_SECRET_ACCESS_KEY"),
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + data);
        try {
            Files.createDirectories(data.resolve(BUCKET));
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare an S3 endpoint at " + data, e);
        }
    }

    /** Kills it. */
    public void stop() {
        process.close();
        Waiting.until("the S3 endpoint gone", Cluster.PATIENCE, process::alive, alive -> !alive);
    }

    /** Its loopback port. */
    public int port() {
        return port;
    }

    /** Where its objects lie. */
    public Path data() {
        return data;
    }

    /** What clients of it need in their environment. */
    public static Map<String, String> credentials() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", "tidemark",
                "AWS_SECRET_ACCESS_KEY", "tidemark-trial",
                "AWS_REGION", "us-east-1");
    }

    @Override
    public void close() {
        stop();
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
