package io.tidemark.raft.node;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeEnd;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NotLeaderException;
import io.tidemark.raft.membership.Configurations;
import io.tidemark.raft.run.RaftRun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** The run of Ratis that a node's parts use at the moment, and why the node does not serve. Thread-safe. */
final class CurrentRun {
    private final NodeIdentity identity;
    private final CompletableFuture<NodeEnd> stopped = new CompletableFuture<>();
    private volatile RaftRun run;
    private volatile String notReady = "starting";

    CurrentRun(NodeIdentity identity) {
        this.identity = identity;
    }

    /** Null while there is none. */
    RaftRun get() {
        return run;
    }

    void set(RaftRun next) {
        run = next;
    }

    /** Null when the node serves, as far as its own parts are concerned. */
    String notReady() {
        return notReady;
    }

    void notReady(String why) {
        notReady = why;
    }

    /** Completes with the reason when the node has ended by itself. */
    CompletableFuture<NodeEnd> stopped() {
        return stopped;
    }

    /** What to answer when this node does not lead: who does, if known. */
    TidemarkException notLeader() {
        RaftRun current = run;
        String self = identity.self().id();
        if (current == null) {
            return new NotLeaderException(self, null, null);
        }
        RaftPeerId leader = current.division().getInfo().getLeaderId();
        RaftPeer peer = leader == null || leader.equals(current.self())
                ? null
                : current.division().getRaftConf().getPeer(leader);
        return peer == null
                ? new NotLeaderException(self, null, null)
                : new NotLeaderException(self, Member.nameOf(peer.getId().toString()), peer.getClientAddress());
    }

    /** Members of the configuration in force, voters first; empty while there is no run. */
    List<Member> members() {
        RaftRun current = run;
        return current == null
                ? List.of()
                : Configurations.members(current.division().getRaftConf());
    }
}
