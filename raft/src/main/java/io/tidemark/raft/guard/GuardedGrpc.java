package io.tidemark.raft.guard;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis over gRPC, with the leader's side of replication as {@link PatientLogAppender} and the candidate's as {@link
 * VotingServices}. Ratis makes it by name.
 */
public final class GuardedGrpc implements RpcType {
    @Override
    public String name() {
        return getClass().getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new GrpcFactory(parameters) {
            @Override
            public GrpcServices newRaftServerRpc(RaftServer server) {
                GrpcServices services = super.newRaftServerRpc(server);
                return GrpcConfigKeys.Server.servicesCustomizer(parameters) instanceof TargetGuard guard
                                && services instanceof GrpcServicesImpl ratis
                        ? new VotingServices(ratis, guard::beforeVote)
                        : services;
            }

            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
                return new PatientLogAppender(server, state, follower);
            }
        };
    }
}
