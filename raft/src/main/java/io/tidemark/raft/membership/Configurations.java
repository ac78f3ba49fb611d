package io.tidemark.raft.membership;

import io.tidemark.raft.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/** Raft configurations in this project's terms. */
public final class Configurations {
    private Configurations() {}

    /** Voters, then listeners, each in order of id. */
    public static List<Member> members(RaftConfiguration configuration) {
        List<Member> members = new ArrayList<>();
        add(configuration.getAllPeers(RaftPeerRole.FOLLOWER), members);
        add(configuration.getAllPeers(RaftPeerRole.LISTENER), members);
        return members;
    }

    private static void add(Collection<RaftPeer> peers, List<Member> members) {
        peers.stream()
                .map(peer -> member(peer.getId().toString(), peer.getAddress(), peer.getClientAddress()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .forEach(members::add);
    }

    private static Member member(String id, String raft, String http) {
        return new Member(Member.nameOf(id), Member.incarnationOf(id), raft, http == null ? "" : http);
    }

    /**
     * Whether this configuration has a later incarnation of the node's name, and not this one.
     *
     * @param payload of a CONFIGURATION entry
     */
    public static boolean supersedes(byte[] payload, Member self) {
        RaftConfigurationProto configuration;
        try {
            configuration = RaftConfigurationProto.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a Raft configuration of " + payload.length + " bytes", e);
        }
        List<RaftPeerProto> peers = new ArrayList<>(configuration.getPeersList());
        peers.addAll(configuration.getOldPeersList());
        peers.addAll(configuration.getListenersList());
        peers.addAll(configuration.getOldListenersList());
        boolean later = false;
        for (RaftPeerProto peer : peers) {
            String id = peer.getId().toStringUtf8();
            if (id.equals(self.id())) {
                return false;
            }
            later |= Member.nameOf(id).equals(self.name()) && Member.incarnationOf(id) > self.incarnation();
        }
        return later;
    }
}
