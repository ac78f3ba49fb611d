package io.tidemark.raft.guard;

import java.util.function.LongUnaryOperator;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;

/**
 * A log appender that lets only the follower itself say where it stands.
 *
 * <p>Ratis 3.3.0 takes each failed request as a hint and steps the follower's next index back by one: while a peer is
 * down, the leader walks below its own log's start, and a peer that comes back with a whole log is told to install a
 * snapshot (hazard R11). It also takes a follower's next index that lies past the leader's own end, as a deposed leader
 * reports it, for one that has caught up, and a quiet cluster then leaves the false tail in place. Both are bounded
 * here, and so is the processor time that it spends on a peer that is down.
 */
final class PatientLogAppender extends GrpcLogAppender {
    PatientLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        super(server, state, follower);
    }

    @Override
    public GrpcServicesImpl getServerRpc() {
        return getServer().getRaftServer().getServerRpc() instanceof VotingServices services
                ? services.ratis()
                : super.getServerRpc();
    }

    /** Back to the first entry not answered, never further, and never below what is still in the log. */
    @Override
    protected LongUnaryOperator getNextIndexForError(long unanswered) {
        return next -> {
            long floor = Math.min(next, Math.max(getRaftLog().getStartIndex(), 0));
            return Math.max(Math.max(floor, getFollower().getMatchIndex() + 1), Math.min(next, unanswered));
        };
    }

    /** With nothing to send and no stream open, Ratis asks again and again until a heartbeat is due, at full speed. */
    @Override
    public long getWaitTimeMs() {
        long wait = super.getWaitTimeMs();
        return wait > 0 || hasAppendEntries() ? wait : getHeartbeatWaitTimeMs();
    }

    @Override
    protected long getNextIndexForInconsistency(long requestFirst, long replied) {
        return Math.min(
                super.getNextIndexForInconsistency(requestFirst, replied),
                getRaftLog().getNextIndex());
    }
}
