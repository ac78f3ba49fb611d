package io.tidemark.daemon.http;

import java.util.List;

/** The body of {@code POST /v1/members/{name}}: who the asking node is from now on, and whom it joins. */
public record JoinAnswer(long incarnation, String peerId, String history, String cluster, List<Peer> peers) {
    public JoinAnswer {
        peers = List.copyOf(peers);
    }

    /** A member of the group, addresses as {@code host:port}. */
    public record Peer(String id, String http, String raft) {}
}
