package io.tidemark.raft;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.List;
import java.util.UUID;

/**
 * Who a node is; kept outside of what Ratis keeps, so that a lost Raft directory cannot pass for a new node (hazard R5).
 *
 * @param cluster id of the cluster
 * @param history id of its history; a restored cluster has another one
 * @param group Raft group, one per history (rule H1)
 * @param self this incarnation, with the addresses it listens on
 * @param founders the first configuration, this node among them; empty for an incarnation that joined
 */
public record NodeIdentity(String cluster, String history, UUID group, Member self, List<Member> founders) {
    public NodeIdentity {
        founders = List.copyOf(founders);
        if (history.isEmpty()) {
            throw new TidemarkException(ErrorKind.INVALID, "a node's identity names its history");
        }
        if (!founders.isEmpty() && !founders.contains(self)) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "node " + self.id() + " is not among the founders " + founders);
        }
    }

    /** True for a member of the first configuration. */
    public boolean isFounder() {
        return !founders.isEmpty();
    }
}
