package io.tidemark.raft.guard;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;

/**
 * Ratis' own services, but a candidate's vote for itself is on disk, name and shadow too, before it asks others for
 * theirs (rule L6): with theirs it is elected, and after a power cut it must not vote for another in that term.
 */
final class VotingServices implements GrpcServices {
    private final GrpcServicesImpl ratis;
    private final Runnable beforeVote;

    VotingServices(GrpcServicesImpl ratis, Runnable beforeVote) {
        this.ratis = ratis;
        this.beforeVote = beforeVote;
    }

    /** What Ratis' own log appenders want. */
    GrpcServicesImpl ratis() {
        return ratis;
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        if (!request.getPreVote()) {
            beforeVote.run();
        }
        return ratis.requestVote(request);
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return ratis.appendEntries(request);
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return ratis.installSnapshot(request);
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return ratis.startLeaderElection(request);
    }

    @Override
    public RaftServerAsynchronousProtocol async() {
        return ratis.async();
    }

    @Override
    public void start() throws IOException {
        ratis.start();
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return ratis.getInetSocketAddress();
    }

    @Override
    public InetSocketAddress getClientServerAddress() {
        return ratis.getClientServerAddress();
    }

    @Override
    public InetSocketAddress getAdminServerAddress() {
        return ratis.getAdminServerAddress();
    }

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {
        ratis.handleException(peer, failure, reconnect);
    }

    @Override
    public void notifyNotLeader(RaftGroupId group) {
        ratis.notifyNotLeader(group);
    }

    @Override
    public RpcType getRpcType() {
        return ratis.getRpcType();
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        ratis.addRaftPeers(peers);
    }

    @Override
    public void close() throws IOException {
        ratis.close();
    }
}
