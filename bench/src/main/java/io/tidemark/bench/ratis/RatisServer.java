package io.tidemark.bench.ratis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** One server of the bare cluster; runs in a process of its own. */
public final class RatisServer {
    private static final UUID GROUP = UUID.fromString("1f0e7a52-52d5-4c3f-9a55-6b7c0d3e9c11");

    private RatisServer() {}

    /**
     * Serves until {@code until} ends.
     *
     * @param index 0, 1 or 2: its place in {@code ports}
     * @param ports one per server, on loopback
     * @param logMetadata Ratis writes and syncs its commit index as an entry of its own (its default)
     */
    public static void serve(int index, List<Integer> ports, Path directory, boolean logMetadata, InputStream until)
            throws IOException {
        RaftProperties properties = properties(directory, logMetadata);
        GrpcConfigKeys.Server.setHost(properties, "127.0.0.1");
        GrpcConfigKeys.Server.setPort(properties, ports.get(index));
        try (RaftServer server = RaftServer.newBuilder()
                .setServerId(peerId(index))
                .setGroup(group(ports))
                .setStateMachine(new EmptyStateMachine())
                .setProperties(properties)
                .build()) {
            server.start();
            until.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    static RaftPeerId peerId(int index) {
        return RaftPeerId.valueOf("n" + (index + 1));
    }

    static RaftGroup group(List<Integer> ports) {
        List<RaftPeer> peers = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            peers.add(RaftPeer.newBuilder()
                    .setId(peerId(i))
                    .setAddress("127.0.0.1:" + ports.get(i))
                    .build());
        }
        return RaftGroup.valueOf(RaftGroupId.valueOf(GROUP), peers);
    }

    /** Ratis' defaults, but for what a measurement needs: calm elections, room for 512 writes of 1 MiB, purge on request. */
    private static RaftProperties properties(Path directory, boolean logMetadata) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.ONE_SECOND);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(2, TimeDuration.ONE_SECOND.getUnit()));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, TimeDuration.valueOf(2, TimeDuration.ONE_SECOND.getUnit()));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("2GB"));
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, logMetadata);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        return properties;
    }
}
