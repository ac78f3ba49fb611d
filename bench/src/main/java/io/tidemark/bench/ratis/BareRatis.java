package io.tidemark.bench.ratis;

import io.tidemark.bench.load.Target;
import io.tidemark.bench.process.Await;
import io.tidemark.bench.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.ReplicationLevel;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;

/** Three bare Ratis servers as child processes, and one asynchronous client. */
public final class BareRatis implements Target {
    private static final int SERVERS = 3;
    private static final int OUTSTANDING_MAX = 2048;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final TimeDuration REQUEST_LIMIT = TimeDuration.valueOf(30, TimeDuration.ONE_SECOND.getUnit());

    private final Options options;
    private final List<ChildJvm> servers = new ArrayList<>();
    private final AtomicLong lastIndex = new AtomicLong();
    private RaftClient client;

    /**
     * @param directory for the servers' files; made if absent
     * @param logMetadata Ratis' {@code log-metadata.enabled}, true is its default
     * @param jvmArguments of each server
     * @param childMain class whose sub command {@code ratis-server} runs {@link RatisServer}
     */
    public record Options(Path directory, boolean logMetadata, List<String> jvmArguments, Class<?> childMain) {
        public Options {
            jvmArguments = List.copyOf(jvmArguments);
        }
    }

    private BareRatis(Options options) {
        this.options = options;
    }

    /** Starts the cluster and returns when it has answered a first write. */
    public static BareRatis start(Options options) {
        BareRatis cluster = new BareRatis(options);
        try {
            List<Integer> ports = freePorts();
            for (int i = 0; i < SERVERS; i++) {
                cluster.servers.add(cluster.startServer(i, ports));
            }
            cluster.client = client(ports);
            Await.until("bare Ratis answered a first write", START_LIMIT, cluster::answersWrite);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException("cannot start bare Ratis under " + options.directory(), e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private ChildJvm startServer(int index, List<Integer> ports) throws IOException {
        String id = RatisServer.peerId(index).toString();
        Path directory = Files.createDirectories(options.directory().resolve(id));
        List<String> arguments = new ArrayList<>(List.of("ratis-server", "--index", Integer.toString(index)));
        for (int port : ports) {
            arguments.add("--port");
            arguments.add(Integer.toString(port));
        }
        arguments.addAll(List.of("--dir", directory.toString()));
        if (options.logMetadata()) {
            arguments.add("--log-metadata");
        }
        return ChildJvm.start(
                options.jvmArguments(),
                options.childMain(),
                arguments,
                options.directory().resolve(id + ".log"));
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private static RaftClient client(List<Integer> ports) {
        RaftProperties properties = new RaftProperties();
        RaftClientConfigKeys.Async.setOutstandingRequestsMax(properties, OUTSTANDING_MAX);
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, REQUEST_LIMIT);
        return RaftClient.newBuilder()
                .setProperties(properties)
                .setRaftGroup(RatisServer.group(ports))
                .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(
                        100, TimeDuration.valueOf(100, java.util.concurrent.TimeUnit.MILLISECONDS)))
                .build();
    }

    private boolean answersWrite() {
        try {
            return client.io().send(Message.valueOf("first")).isSuccess();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public String name() {
        return options.logMetadata() ? "bare Ratis, defaults" : "bare Ratis, log metadata off";
    }

    @Override
    public CompletableFuture<?> write(byte[] key, byte[] value) {
        ByteString bytes = ByteString.copyFrom(key).concat(ByteString.copyFrom(value));
        return client.async().send(Message.valueOf(bytes)).thenAccept(this::check);
    }

    private void check(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new IllegalStateException("write refused: " + reply);
        }
        lastIndex.accumulateAndGet(reply.getLogIndex(), Math::max);
    }

    /** Waits until all servers have the last write and lets each purge its log. */
    @Override
    public boolean rest() {
        try {
            client.io().watch(lastIndex.get(), ReplicationLevel.ALL_COMMITTED);
            for (int i = 0; i < SERVERS; i++) {
                RaftPeerId id = RatisServer.peerId(i);
                client.getSnapshotManagementApi(id)
                        .create(1, REQUEST_LIMIT.toLong(java.util.concurrent.TimeUnit.MILLISECONDS));
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            nodes.add(new Node(RatisServer.peerId(i).toString(), servers.get(i).pid()));
        }
        return nodes;
    }

    @Override
    public Node leader() {
        String id = String.valueOf(client.getLeaderId());
        return nodes().stream()
                .filter(node -> node.name().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no server is called " + id));
    }

    @Override
    public void close() {
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the client of bare Ratis", e);
            } finally {
                closeServers();
            }
        } else {
            closeServers();
        }
    }

    private void closeServers() {
        servers.forEach(ChildJvm::close);
    }
}
