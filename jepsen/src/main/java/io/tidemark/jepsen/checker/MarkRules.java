package io.tidemark.jepsen.checker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges what nodes say of their marks, one moment after another. Rule M1: on every node, at every instant,
 * {@code Raft_LWM <= S3_HWM <= committed}; durable, S3_HWM and Raft_LWM never go back as long as the incarnation lives,
 * whatever happens to its process; the count of checked moves never goes back as long as the process lives.
 *
 * <p>Not thread safe; one instance per node.
 */
public final class MarkRules {

    /** Classes of anomalies. */
    public static final String INVARIANT = "invariant-broken";
    /** A mark that may only rise fell. */
    public static final String WENT_BACK = "mark-went-back";

    private final Map<String, Marks> latest = new HashMap<>();

    /** What these marks contradict, or empty; {@link Anomaly#events} is empty. */
    public Optional<Anomaly> violation(Marks marks) {
        Marks before = latest.put(marks.history() + "/" + marks.node() + "-" + marks.incarnation(), marks);
        if (marks.raftLowWaterMark() > marks.s3HighWaterMark()) {
            return broken("Raft_LWM above S3_HWM: " + marks);
        }
        if (marks.s3HighWaterMark() > marks.committed()) {
            return broken("S3_HWM above committed: " + marks);
        }
        return before == null ? Optional.empty() : wentBack(before, marks);
    }

    private static Optional<Anomaly> broken(String words) {
        return Optional.of(new Anomaly(INVARIANT, words, List.of()));
    }

    private static Optional<Anomaly> wentBack(Marks before, Marks marks) {
        String mark = null;
        if (marks.durable() < before.durable()) {
            mark = "durable";
        } else if (marks.s3HighWaterMark() < before.s3HighWaterMark()) {
            mark = "S3_HWM";
        } else if (marks.raftLowWaterMark() < before.raftLowWaterMark()) {
            mark = "Raft_LWM";
        } else if (marks.pid() == before.pid() && marks.checkedMoves() < before.checkedMoves()) {
            mark = "checkedMoves";
        }
        return mark == null
                ? Optional.empty()
                : Optional.of(new Anomaly(WENT_BACK, mark + " went back: " + before + ", then " + marks, List.of()));
    }
}
