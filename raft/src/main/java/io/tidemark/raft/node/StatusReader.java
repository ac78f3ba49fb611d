package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NodeStatus;
import io.tidemark.raft.NodeStatus.Role;
import io.tidemark.raft.run.RaftRun;
import io.tidemark.shipper.ShippingLag;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;

/** Puts a node's status together from what its parts say at the moment. */
record StatusReader(
        NodeIdentity identity,
        String notReady,
        boolean stopped,
        StorageEngine engine,
        Timeline timeline,
        ShippingLag.Lag lag,
        long chainMismatch) {

    /** @param run null while there is none */
    NodeStatus read(RaftRun run) {
        if (run != null && !run.closing()) {
            try {
                return of(run);
            } catch (IllegalStateException e) {
                // its log was closed while we looked
            }
        }
        return of(null);
    }

    private NodeStatus of(RaftRun run) {
        RaftServer.Division division = run == null ? null : run.division();
        StorageEngine.State state = engine.state();
        RaftPeer leader = leader(division);
        long committed = run == null ? 0 : run.log().getLastCommittedIndex();
        Timeline.Moment marks = timeline.now();
        Role role = role(division, stopped);
        StorageEngine.Tier tier = engine.tier();
        String why = notReady != null ? notReady : notServing(role, leader, state, marks);
        return new NodeStatus(
                identity,
                role,
                why == null || tier.waits() == null ? why : why + "; applying waits: " + tier.waits(),
                division == null ? state.term() : division.getInfo().getCurrentTerm(),
                leader == null ? null : Member.nameOf(leader.getId().toString()),
                leader == null ? null : leader.getClientAddress(),
                Math.max(committed, Math.max(marks.committed(), state.applied())),
                state.applied(),
                engine.durableLsn(),
                marks.highWater(),
                marks.lowWater(),
                run == null ? state.applied() + 1 : firstIndex(run),
                state.redoChain(),
                lag.bytes(),
                lag.oldestMillis() / 1000.0,
                unpurged(run),
                marks.checkedMoves(),
                chainMismatch,
                state.checkpoint().lsn(),
                tier);
    }

    /** Entries in the log of this run; 0 while there is none. */
    static long unpurged(RaftRun run) {
        long first = run == null ? -1 : run.log().getStartIndex();
        return first < 0 ? 0 : run.log().getNextIndex() - first;
    }

    private static long firstIndex(RaftRun run) {
        long first = run.log().getStartIndex();
        return first < 0 ? run.log().getNextIndex() : first;
    }

    private static RaftPeer leader(RaftServer.Division division) {
        RaftPeerId id = division == null ? null : division.getInfo().getLeaderId();
        return id == null ? null : division.getRaftConf().getPeer(id);
    }

    private static Role role(RaftServer.Division division, boolean stopped) {
        if (stopped) {
            return Role.DOWN;
        } else if (division == null) {
            return Role.CATCHING_UP;
        }
        DivisionInfo info = division.getInfo();
        if (info.getLifeCycleState() != LifeCycle.State.RUNNING) {
            return Role.CATCHING_UP;
        }
        return switch (info.getCurrentRole()) {
            case LEADER -> Role.LEADER;
            case CANDIDATE -> Role.CANDIDATE;
            case LISTENER -> Role.LISTENER;
            case FOLLOWER -> Role.FOLLOWER;
            case UNRECOGNIZED -> Role.DOWN;
        };
    }

    private String notServing(Role role, RaftPeer leader, StorageEngine.State state, Timeline.Moment marks) {
        if (role == Role.CATCHING_UP || role == Role.LISTENER) {
            return "waiting to be taken in by the leader";
        } else if (state.applied() < marks.lowWater()) {
            return "applied " + state.applied() + ", still behind the log's beginning at " + marks.lowWater();
        } else if (leader == null) {
            return "no leader is known yet";
        }
        return state.history().equals(identity.history()) ? null : "the leader is starting the history";
    }
}
