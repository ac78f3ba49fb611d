package io.tidemark.raft.guard;

import com.codahale.metrics.Counter;
import java.util.EnumSet;
import java.util.function.LongSupplier;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests of other peers that are meant for another incarnation than this one. Ratis answers whoever calls: a
 * new process on a dead peer's port would be fed, and counted in majorities, as that peer (rule L3).
 */
public final class TargetGuard implements ServerInterceptor, GrpcServices.Customizer {
    private static final Logger LOG = LoggerFactory.getLogger(TargetGuard.class);

    private final String self;
    private final ByteString selfBytes;
    private final Counter refused;
    private final LongSupplier promisedTerm;
    private final Runnable beforeVote;

    /**
     * @param self id of this node's peer
     * @param promisedTerm greatest term that is known to be on disk, shadow and all
     * @param beforeVote runs before an answer leaves that promises a vote, or not to follow older terms than a new one:
     *     what it promises must be on disk by then
     */
    public TargetGuard(RaftPeerId self, Counter refused, LongSupplier promisedTerm, Runnable beforeVote) {
        this.self = self.toString();
        this.selfBytes = self.toByteString();
        this.refused = refused;
        this.promisedTerm = promisedTerm;
        this.beforeVote = beforeVote;
    }

    /** Before this node asks others for their votes: its own must be on disk. */
    void beforeVote() {
        beforeVote.run();
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.intercept(this);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall<Q, A> answers = new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A message) {
                if (message instanceof RequestVoteReplyProto
                        || message instanceof AppendEntriesReplyProto append
                                && append.getTerm() > promisedTerm.getAsLong()) {
                    beforeVote.run();
                }
                super.sendMessage(message);
            }
        };
        return new Checked<>(next.startCall(answers, headers), call);
    }

    private final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean closed;

        Checked(ServerCall.Listener<Q> delegate, ServerCall<Q, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (closed) {
                return;
            }
            RaftRpcRequestProto request = serverRequest(message);
            if (request == null || request.getReplyId().equals(selfBytes)) {
                super.onMessage(message);
                return;
            }
            closed = true;
            refused.inc();
            String target = request.getReplyId().toStringUtf8();
            String sender = request.getRequestorId().toStringUtf8();
            LOG.debug("refused a request of {} that is meant for {}; this is {}", sender, target, self);
            Status status = Status.FAILED_PRECONDITION.withDescription(
                    "this is " + self + ", not " + target + ", which no longer listens here");
            call.close(status, new Metadata());
            super.onCancel();
        }

        @Override
        public void onHalfClose() {
            if (!closed) {
                super.onHalfClose();
            }
        }

        @Override
        public void onComplete() {
            if (!closed) {
                super.onComplete();
            }
        }

        @Override
        public void onCancel() {
            if (!closed) {
                super.onCancel();
            }
        }
    }

    /** The header of a peer's request; null for what is not one. */
    private static RaftRpcRequestProto serverRequest(Object message) {
        if (message instanceof AppendEntriesRequestProto append) {
            return append.getServerRequest();
        } else if (message instanceof RequestVoteRequestProto vote) {
            return vote.getServerRequest();
        } else if (message instanceof InstallSnapshotRequestProto install) {
            return install.getServerRequest();
        } else if (message instanceof ReadIndexRequestProto read) {
            return read.getServerRequest();
        } else if (message instanceof StartLeaderElectionRequestProto election) {
            return election.getServerRequest();
        }
        return null;
    }
}
