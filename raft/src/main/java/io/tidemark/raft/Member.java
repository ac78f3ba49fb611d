package io.tidemark.raft;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.Objects;

/**
 * One incarnation of a node, as the others know it. A node that lost its disk comes back as the next incarnation of its
 * name, and is another Raft peer (rule L4).
 *
 * @param name the node's lasting name, without a dash at its end
 * @param incarnation from 1; never given twice
 * @param raft host:port of its Raft server
 * @param http host:port of its HTTP face; travels in the Raft configuration as the peer's client address
 */
public record Member(String name, int incarnation, String raft, String http) {
    public Member {
        Objects.requireNonNull(raft, "raft");
        Objects.requireNonNull(http, "http");
        if (name.isEmpty() || incarnation < 1) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "no member is called '" + name + "' with incarnation " + incarnation);
        }
    }

    /** The Raft peer id: {@code name-incarnation}. */
    public String id() {
        return name + "-" + incarnation;
    }

    /** The name in a peer id. */
    public static String nameOf(String id) {
        return id.substring(0, dash(id));
    }

    /** The incarnation in a peer id. */
    public static int incarnationOf(String id) {
        return Integer.parseInt(id.substring(dash(id) + 1));
    }

    private static int dash(String id) {
        int dash = id.lastIndexOf('-');
        if (dash < 1 || !id.substring(dash + 1).matches("[0-9]{1,9}")) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "a peer id is NAME-INCARNATION, for example n1-1, not '" + id + "'");
        }
        return dash;
    }
}
